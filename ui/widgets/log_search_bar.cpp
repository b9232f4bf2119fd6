// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/log_search_bar.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QSpinBox>
#include <QStyle>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kPatternSteps = 20;
constexpr int kLeastFoundSteps = 12;
constexpr int kMostFoundSteps = 70;
constexpr int kMostContext = 50;

void setDynamic(QWidget& widget, const char* name, const QString& value)
{
    if (widget.property(name).toString() == value)
        return;
    widget.setProperty(name, value);
    widget.style()->unpolish(&widget);
    widget.style()->polish(&widget);
}

/// Cuts its text where there is no room for it, so that a long one never widens the window.
class FoundLabel : public QLabel {
public:
    using QLabel::QLabel;
    QSize sizeHint() const override { return QLabel::sizeHint().boundedTo({Theme::space(kMostFoundSteps), QWIDGETSIZE_MAX}); }
    QSize minimumSizeHint() const override { return sizeHint().boundedTo({Theme::space(kLeastFoundSteps), QWIDGETSIZE_MAX}); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const QString shown = fontMetrics().elidedText(text(), Qt::ElideRight, contentsRect().width());
        style()->drawItemText(&painter, contentsRect(), Qt::AlignLeft | Qt::AlignVCenter, palette(), isEnabled(), shown, foregroundRole());
    }
};

} // namespace

LogSearchBar::LogSearchBar(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_pattern(new QLineEdit)
    , m_context(new QSpinBox)
    , m_found(new FoundLabel)
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(1));
    m_pattern->setPlaceholderText(tr("Search the log"));
    m_pattern->setAccessibleName(tr("Search the log"));
    m_pattern->setClearButtonEnabled(true);
    m_pattern->setMinimumWidth(Theme::space(kPatternSteps));
    m_pattern->installEventFilter(this);
    row->addWidget(m_pattern, 1);
    m_regex = addToggle(QStringLiteral(".*"), {}, tr("Regular expression"));
    m_case = addToggle(QStringLiteral("Aa"), {}, tr("Match upper and lower case"));
    m_only = addToggle({}, QStringLiteral("view-filter"), tr("Show only lines that match"));
    m_regex->setChecked(true);
    m_context->setRange(0, kMostContext);
    m_context->setPrefix(tr("± "));
    m_context->setToolTip(tr("Lines shown before and after each match"));
    m_context->setAccessibleName(m_context->toolTip());
    m_context->hide();
    row->addWidget(m_context);
    m_previous = addStep(QStringLiteral("arrow-up"), tr("Previous match (Shift+Enter)"), false);
    m_next = addStep(QStringLiteral("arrow-down"), tr("Next match (Enter)"), true);
    m_found->setProperty("role", QStringLiteral("muted"));
    row->addWidget(m_found);

    connect(m_pattern, &QLineEdit::textChanged, this, &LogSearchBar::edited);
    connect(m_only, &QToolButton::toggled, m_context, &QWidget::setVisible);
    connect(m_context, &QSpinBox::valueChanged, this, &LogSearchBar::edited);
}

QToolButton* LogSearchBar::addToggle(const QString& text, const QString& icon, const QString& tip)
{
    auto* const button = new QToolButton;
    button->setText(text);
    if (!icon.isEmpty())
        button->setIcon(m_theme.icon(icon));
    button->setCheckable(true);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    connect(button, &QToolButton::toggled, this, &LogSearchBar::edited);
    layout()->addWidget(button);
    return button;
}

QToolButton* LogSearchBar::addStep(const QString& icon, const QString& tip, bool isForward)
{
    auto* const button = new QToolButton;
    button->setIcon(m_theme.icon(icon));
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setEnabled(false);
    connect(button, &QToolButton::clicked, this, [this, isForward] { Q_EMIT stepWanted(isForward); });
    layout()->addWidget(button);
    return button;
}

void LogSearchBar::fill(LogFilter& filter) const
{
    filter.pattern = m_pattern->text();
    filter.isRegex = m_regex->isChecked();
    filter.isCaseSensitive = m_case->isChecked();
    filter.onlyMatches = m_only->isChecked();
    filter.context = m_context->value();
}

void LogSearchBar::setPattern(const QString& pattern) { m_pattern->setText(pattern); }
void LogSearchBar::setOnlyMatches(bool only) { m_only->setChecked(only); }

void LogSearchBar::setFocusToPattern()
{
    m_pattern->setFocus(Qt::ShortcutFocusReason);
    m_pattern->selectAll();
}

void LogSearchBar::showFound(const LogSearch& search, std::optional<std::int64_t> current)
{
    const std::int64_t count = search.matchCount();
    QString text;
    if (!search.error().isEmpty())
        text = search.error();
    else if (!search.isSearching())
        text.clear();
    else if (search.isBusy() && count == 0)
        text = tr("Searching…");
    else if (count == 0)
        text = tr("No matches");
    else if (current)
        text = tr("%1 of %2").arg(formatCount(*current + 1), formatCount(count));
    else
        text = tr("%1 matches").arg(formatCount(count));
    if (search.unsearchedCount() > 0 && search.error().isEmpty())
        text += tr(", too complex for %1 lines").arg(formatCount(search.unsearchedCount()));
    m_found->setText(text);
    m_found->setToolTip(text);
    m_found->setVisible(!text.isEmpty());
    setDynamic(*m_found, "role", search.error().isEmpty() ? QStringLiteral("muted") : QStringLiteral("error"));
    setDynamic(*m_pattern, "state", search.error().isEmpty() ? QString() : QStringLiteral("error"));
    m_previous->setEnabled(count > 0);
    m_next->setEnabled(count > 0);
}

bool LogSearchBar::eventFilter(QObject* watched, QEvent* event)
{
    if (watched != m_pattern || event->type() != QEvent::KeyPress)
        return QWidget::eventFilter(watched, event);
    const auto* const key = static_cast<QKeyEvent*>(event);
    if (key->key() == Qt::Key_Return || key->key() == Qt::Key_Enter) {
        Q_EMIT stepWanted(!(key->modifiers() & Qt::ShiftModifier));
        return true;
    }
    if (key->key() == Qt::Key_Escape) {
        if (m_pattern->text().isEmpty())
            Q_EMIT leaveWanted();
        m_pattern->clear();
        return true;
    }
    return false;
}

} // namespace tintype::ui
