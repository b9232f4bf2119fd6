// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/preset_box.h"

#include "ui/commands/commands.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/preset_store.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QSignalBlocker>
#include <QStackedWidget>
#include <QToolButton>

namespace tintype::ui {

PresetBox::PresetBox(Studio& studio, PresetStore& presets, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
    , m_presets(presets)
    , m_stack(new QStackedWidget)
    , m_list(new QComboBox)
    , m_name(new QLineEdit)
    , m_button(new QToolButton)
    , m_menu(new QMenu(this))
{
    m_list->setAccessibleName(tr("Preset"));
    m_list->setToolTip(tr("Fill the form with values that were kept under a name"));
    m_list->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_list->setMinimumContentsLength(12);
    m_list->setPlaceholderText(tr("Presets"));
    m_name->setMaxLength(PresetStore::kLongestName);
    m_name->installEventFilter(this);
    m_stack->addWidget(m_list);
    m_stack->addWidget(m_name);
    m_stack->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    m_button->setIcon(studio.theme.icon(QStringLiteral("overflow-menu")));
    m_button->setToolTip(tr("Keep, rename or delete presets"));
    m_button->setAccessibleName(m_button->toolTip());
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setMenu(m_menu);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(1));
    row->addWidget(m_stack, 1);
    row->addWidget(m_button);

    connect(studio.commands.add({.id = QStringLiteral("preset.save_as"), .group = tr("Playground"), .text = tr("Keep the form as a preset"),
                .icon = QStringLiteral("bookmarks"), .shortcut = {}, .tip = {}}, [] {}),
        &QAction::triggered, this, &PresetBox::saveAs);
    connect(m_menu, &QMenu::aboutToShow, this, &PresetBox::updateMenu);
    connect(m_list, &QComboBox::activated, this, [this] {
        const QString values = m_presets.values(m_app, m_endpoint, current());
        if (!values.isEmpty())
            Q_EMIT chosen(values);
    });
    connect(m_name, &QLineEdit::returnPressed, this, [this] {
        if (m_use && m_use(m_name->text()))
            endAsking();
    });
    connect(&m_presets, &PresetStore::changed, this, &PresetBox::refill);
    connect(&m_presets, &PresetStore::troubled, this, &PresetBox::troubled);
    refill();
}

void PresetBox::setForm(const QString& app, const QString& endpoint, std::function<QString()> currentForm)
{
    m_currentForm = std::move(currentForm);
    if (app == m_app && endpoint == m_endpoint)
        return;
    m_app = app;
    m_endpoint = endpoint;
    endAsking();
    m_list->setCurrentIndex(-1);
    refill();
}

QString PresetBox::current() const
{
    return m_list->currentIndex() < 0 ? QString() : m_list->currentText();
}

void PresetBox::refill()
{
    const QString kept = current();
    const QSignalBlocker blocker(m_list);
    m_list->clear();
    m_list->addItems(m_presets.names(m_app, m_endpoint));
    m_list->setCurrentIndex(m_list->findText(kept));
    m_list->setEnabled(m_list->count() > 0);
    m_list->setPlaceholderText(m_list->count() > 0 ? tr("Presets") : tr("No presets yet"));
}

void PresetBox::updateMenu()
{
    const bool isChosen = !current().isEmpty();
    const bool hasForm = !m_app.isEmpty() && m_currentForm;
    const Theme& theme = m_studio.theme;
    m_menu->clear();
    m_menu->addAction(theme.icon(QStringLiteral("bookmarks")), tr("Keep the form as a preset…"), this, &PresetBox::saveAs)->setEnabled(hasForm);
    m_menu->addAction(theme.icon(QStringLiteral("document-save")), isChosen ? tr("Keep the form as “%1”").arg(current()) : tr("Keep over the chosen one"),
        this, &PresetBox::save)->setEnabled(isChosen && hasForm);
    m_menu->addSeparator();
    m_menu->addAction(theme.icon(QStringLiteral("edit-rename")), tr("Rename…"), this, &PresetBox::rename)->setEnabled(isChosen);
    m_menu->addAction(theme.icon(QStringLiteral("edit-delete")), tr("Delete"), this, &PresetBox::remove)->setEnabled(isChosen);
}

void PresetBox::saveAs()
{
    if (m_app.isEmpty() || !m_currentForm)
        return;
    ask(tr("Name of the preset"), current(), [this](const QString& name) {
        const Result<> saved = m_presets.save(m_app, m_endpoint, name, m_currentForm());
        if (!saved) {
            Q_EMIT troubled(qs(saved.error().message));
            return false;
        }
        m_list->setCurrentIndex(m_list->findText(name.trimmed()));
        return true;
    });
}

void PresetBox::save()
{
    if (current().isEmpty() || !m_currentForm)
        return;
    const Result<> saved = m_presets.save(m_app, m_endpoint, current(), m_currentForm());
    if (!saved)
        Q_EMIT troubled(qs(saved.error().message));
}

void PresetBox::rename()
{
    const QString from = current();
    if (from.isEmpty())
        return;
    ask(tr("New name of “%1”").arg(from), from, [this, from](const QString& to) {
        const Result<> renamed = m_presets.rename(m_app, m_endpoint, from, to);
        if (!renamed) {
            Q_EMIT troubled(qs(renamed.error().message));
            return false;
        }
        m_list->setCurrentIndex(m_list->findText(to.trimmed()));
        return true;
    });
}

void PresetBox::remove()
{
    m_presets.remove(m_app, m_endpoint, current());
}

void PresetBox::ask(const QString& prompt, const QString& text, std::function<bool(const QString&)> use)
{
    m_use = std::move(use);
    m_name->setPlaceholderText(prompt);
    m_name->setAccessibleName(prompt);
    m_name->setToolTip(tr("%1: Enter keeps it, Escape leaves it").arg(prompt));
    m_name->setText(text);
    m_name->selectAll();
    m_stack->setCurrentWidget(m_name);
    m_name->setFocus(Qt::OtherFocusReason);
}

void PresetBox::endAsking()
{
    m_use = {};
    m_stack->setCurrentWidget(m_list);
}

bool PresetBox::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == m_name && event->type() == QEvent::KeyPress && static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        endAsking();
        m_list->setFocus(Qt::OtherFocusReason);
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

} // namespace tintype::ui
