// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/workspace.h"

#include <QFileInfo>
#include <QSettings>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr auto kOpenKey = "workspace/open";
constexpr auto kCurrentKey = "workspace/current";
constexpr auto kRecentKey = "workspace/recent";
constexpr int kMostRecent = 12;

} // namespace

Workspace::Workspace(QSettings& settings, QString recoveryFolder, QObject* parent)
    : QObject(parent)
    , m_settings(settings)
    , m_recoveryFolder(std::move(recoveryFolder))
{
}

Workspace::~Workspace() = default;

void Workspace::restore(const QString& examplePath)
{
    const QStringList paths = m_settings.value(QLatin1String(kOpenKey)).toStringList();
    const QString current = m_settings.value(QLatin1String(kCurrentKey)).toString();
    for (const QString& path : paths)
        (void)open(path); // one that is gone is gone
    if (m_documents.empty() && !examplePath.isEmpty())
        (void)open(examplePath);
    const auto found = std::ranges::find(m_documents, current, [](const auto& document) { return document->path(); });
    if (found != m_documents.end())
        setCurrent(found->get());
}

Result<AppDocument*> Workspace::open(const QString& path)
{
    const QString absolute = QFileInfo(path).absoluteFilePath();
    const auto known = std::ranges::find(m_documents, absolute, [](const auto& document) { return document->path(); });
    if (known != m_documents.end()) {
        setCurrent(known->get());
        return known->get();
    }
    TINTYPE_TRY_ASSIGN(std::unique_ptr<AppDocument> document, AppDocument::open(absolute, m_recoveryFolder));
    m_documents.push_back(std::move(document));
    AppDocument* const opened = m_documents.back().get();
    connect(opened, &AppDocument::pathChanged, this, &Workspace::remember);
    Q_EMIT this->opened(opened);
    setCurrent(opened);
    return opened;
}

void Workspace::close(AppDocument* document)
{
    const auto found = std::ranges::find(m_documents, document, &std::unique_ptr<AppDocument>::get);
    if (found == m_documents.end())
        return;
    Q_EMIT aboutToClose(document);
    const std::unique_ptr<AppDocument> closed = std::move(*found);
    const auto next = m_documents.erase(found);
    if (m_current == document) {
        m_current = nullptr;
        setCurrent(m_documents.empty() ? nullptr : (next == m_documents.end() ? m_documents.back() : *next).get());
    }
    remember();
}

void Workspace::setCurrent(AppDocument* document)
{
    if (document != m_current) {
        m_current = document;
        Q_EMIT currentChanged(document);
    }
    remember();
}

QStringList Workspace::recentFiles() const
{
    QStringList files = m_settings.value(QLatin1String(kRecentKey)).toStringList();
    files.removeIf([](const QString& path) { return !QFile::exists(path); });
    return files;
}

void Workspace::remember()
{
    QStringList paths;
    for (const auto& document : m_documents)
        paths += document->path();
    m_settings.setValue(QLatin1String(kOpenKey), paths);
    m_settings.setValue(QLatin1String(kCurrentKey), m_current ? m_current->path() : QString());
    if (!m_current)
        return;
    QStringList recent = recentFiles();
    recent.removeAll(m_current->path());
    recent.prepend(m_current->path());
    m_settings.setValue(QLatin1String(kRecentKey), QStringList(recent.mid(0, kMostRecent)));
    Q_EMIT recentChanged();
}

} // namespace tintype::ui
