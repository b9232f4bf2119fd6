// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/shell/layout_memory.h"

#include <QCryptographicHash>
#include <QHeaderView>
#include <QSettings>
#include <QSplitter>
#include <QWidget>

namespace tintype::ui {
namespace {

constexpr auto kAnyProject = "last";
constexpr auto kWindow = "window";

template <class Part>
void forNamed(QWidget& root, const std::function<void(Part&)>& visit)
{
    for (Part* const part : root.findChildren<Part*>()) {
        if (!part->objectName().isEmpty() && !part->objectName().startsWith(QLatin1String("qt_")))
            visit(*part);
    }
}

} // namespace

LayoutMemory::LayoutMemory(QSettings& settings, QWidget& window)
    : QObject(&window)
    , m_settings(settings)
    , m_window(window)
{
}

QString LayoutMemory::key(const QString& project, const QString& name) const
{
    const QString folder = project.isEmpty()
        ? QLatin1String(kAnyProject)
        : QString::fromLatin1(QCryptographicHash::hash(project.toUtf8(), QCryptographicHash::Sha1).toHex().left(12));
    return QStringLiteral("layout/%1/%2").arg(folder, name);
}

void LayoutMemory::setProject(const QString& path)
{
    if (path == m_project)
        return;
    if (!m_project.isEmpty())
        save();
    m_project = path;
    restore(m_window);
}

void LayoutMemory::restore(QWidget& part)
{
    const auto stateOf = [this](const QString& name) {
        const QVariant own = m_settings.value(key(m_project, name));
        return (own.isValid() ? own : m_settings.value(key({}, name))).toByteArray();
    };
    forNamed<QSplitter>(part, [&](QSplitter& splitter) {
        if (const QByteArray state = stateOf(splitter.objectName()); !state.isEmpty())
            splitter.restoreState(state);
    });
    forNamed<QHeaderView>(part, [&](QHeaderView& header) {
        if (const QByteArray state = stateOf(header.objectName()); !state.isEmpty())
            header.restoreState(state);
    });
}

void LayoutMemory::restoreWindow()
{
    m_window.restoreGeometry(m_settings.value(key({}, QLatin1String(kWindow))).toByteArray());
}

void LayoutMemory::save()
{
    const auto keep = [this](const QString& name, const QByteArray& state) {
        m_settings.setValue(key(m_project, name), state);
        m_settings.setValue(key({}, name), state);
    };
    keep(QLatin1String(kWindow), m_window.saveGeometry());
    forNamed<QSplitter>(m_window, [&](QSplitter& splitter) { keep(splitter.objectName(), splitter.saveState()); });
    forNamed<QHeaderView>(m_window, [&](QHeaderView& header) { keep(header.objectName(), header.saveState()); });
}

} // namespace tintype::ui
