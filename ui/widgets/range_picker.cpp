// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/widgets/range_picker.h"

#include "ui/theme/theme.h"

#include <QDateTimeEdit>
#include <QGridLayout>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QToolButton>
#include <QWidgetAction>

namespace tintype::ui {
namespace {

TimePoint pointOf(const QDateTimeEdit& edit) { return fromMilliseconds(edit.dateTime().toMSecsSinceEpoch()); }

void showTime(QDateTimeEdit& edit, TimePoint time, bool utc)
{
    edit.setTimeSpec(utc ? Qt::UTC : Qt::LocalTime);
    edit.setDateTime(QDateTime::fromMSecsSinceEpoch(toMilliseconds(time), utc ? Qt::UTC : Qt::LocalTime));
}

} // namespace

RangePicker::RangePicker(const Theme& theme, RangeChoice& choice, Any any, QWidget* parent)
    : QWidget(parent)
    , m_choice(choice)
    , m_button(new QToolButton)
    , m_back(new QToolButton)
    , m_menu(new QMenu(this))
{
    m_button->setProperty("role", QStringLiteral("button"));
    m_button->setPopupMode(QToolButton::InstantPopup);
    m_button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_button->setIcon(theme.icon(QStringLiteral("clock")));
    m_button->setMenu(m_menu);
    m_button->setFocusPolicy(Qt::StrongFocus);
    m_back->setIcon(theme.icon(QStringLiteral("go-previous")));
    m_back->setToolTip(tr("Back to the time range before"));
    m_back->setAccessibleName(m_back->toolTip());
    m_back->setFocusPolicy(Qt::StrongFocus);
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(1));
    row->addWidget(m_back);
    row->addWidget(m_button);

    fillMenu(any);
    connect(m_back, &QToolButton::clicked, &choice, &RangeChoice::goBack);
    connect(m_menu, &QMenu::aboutToShow, this, &RangePicker::showCustom);
    connect(&choice, &RangeChoice::rangeChanged, this, &RangePicker::showChoice);
    connect(&choice, &RangeChoice::utcChanged, this, &RangePicker::showChoice);
    showChoice();
}

void RangePicker::fillMenu(Any any)
{
    const auto add = [this](const TimeRange& range) {
        connect(m_menu->addAction(rangeText(range, false)), &QAction::triggered, this, [this, range] { m_choice.setRange(range); });
    };
    if (any == Any::Offered)
        add({});
    for (const std::chrono::seconds length : usualRanges())
        add(TimeRange::latest(length));
    m_menu->addSeparator();
    auto* const custom = new QWidgetAction(m_menu);
    custom->setDefaultWidget(makeCustom());
    m_menu->addAction(custom);
    m_menu->addSeparator();
    m_utc = m_menu->addAction(tr("Times in UTC"));
    m_utc->setCheckable(true);
    connect(m_utc, &QAction::toggled, &m_choice, &RangeChoice::setUtc);
}

QWidget* RangePicker::makeCustom()
{
    auto* const panel = new QWidget;
    auto* const grid = new QGridLayout(panel);
    grid->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(1));
    grid->setSpacing(Theme::space(2));
    const auto addRow = [grid](int row, const QString& text) {
        auto* const edit = new QDateTimeEdit;
        edit->setDisplayFormat(QStringLiteral("yyyy-MM-dd HH:mm"));
        auto* const label = new QLabel(text);
        label->setProperty("role", QStringLiteral("muted"));
        label->setBuddy(edit);
        grid->addWidget(label, row, 0);
        grid->addWidget(edit, row, 1);
        return edit;
    };
    m_since = addRow(0, tr("&From"));
    m_until = addRow(1, tr("&To"));
    m_problem = new QLabel(tr("The end is not after the start."));
    m_problem->setProperty("role", QStringLiteral("error"));
    m_problem->setVisible(false);
    auto* const apply = new QPushButton(tr("Show this span"));
    grid->addWidget(m_problem, 2, 0, 1, 2);
    grid->addWidget(apply, 3, 0, 1, 2);
    connect(apply, &QPushButton::clicked, this, &RangePicker::applyCustom);
    return panel;
}

void RangePicker::showChoice()
{
    m_button->setText(rangeText(m_choice.range(), m_choice.isUtc()) + (m_choice.isUtc() ? QStringLiteral(" UTC") : QString()));
    m_button->setAccessibleName(tr("Time range: %1").arg(m_button->text()));
    m_back->setEnabled(m_choice.canGoBack());
    m_utc->setChecked(m_choice.isUtc());
}

void RangePicker::showCustom()
{
    using namespace std::chrono_literals;
    const TimePoint now = wallClockNow();
    const TimeSpan span = m_choice.range().isAny() ? TimeSpan{now - 24h, now} : m_choice.range().at(now);
    showTime(*m_since, span.since, m_choice.isUtc());
    showTime(*m_until, span.until, m_choice.isUtc());
    m_problem->setVisible(false);
}

void RangePicker::applyCustom()
{
    const TimeSpan span{pointOf(*m_since), pointOf(*m_until)};
    m_problem->setVisible(span.since >= span.until);
    if (span.since >= span.until)
        return;
    m_menu->close();
    m_choice.setRange(TimeRange::between(span));
}

} // namespace tintype::ui
