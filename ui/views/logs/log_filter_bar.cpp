// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/logs/log_filter_bar.h"

#include "ui/models/format.h"
#include "ui/models/target.h"
#include "ui/theme/theme.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalBlocker>
#include <algorithm>
#include <array>

namespace tintype::ui {
namespace {

constexpr int kTypingMs = 350;
constexpr std::array<const char*, 4> kLevels{"", "info", "warning", "error"};
constexpr std::array<std::chrono::minutes, 5> kSpans{std::chrono::minutes(15), std::chrono::hours(1), std::chrono::hours(24), std::chrono::hours(24 * 7),
    std::chrono::minutes(0)}; ///< 0 = all
constexpr int kDefaultSpan = 2;
constexpr int kCustomSpan = kSpans.size(); ///< a choice that is there while somebody came with times

} // namespace

LogFilterBar::LogFilterBar(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_theme(theme)
    , m_row(new QHBoxLayout(this))
    , m_app(addBox(tr("App")))
    , m_level(addBox(tr("Level")))
    , m_since(addBox(tr("Time")))
    , m_text(new QLineEdit)
    , m_replica(addChip())
    , m_request(addChip())
{
    m_row->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(1));
    m_row->setSpacing(Theme::space(2));
    m_level->addItems({tr("All levels"), tr("Info and worse"), tr("Warnings and errors"), tr("Errors only")});
    m_since->addItems({tr("Last 15 minutes"), tr("Last hour"), tr("Last 24 hours"), tr("Last 7 days"), tr("All times")});
    m_since->setCurrentIndex(kDefaultSpan);
    m_text->setPlaceholderText(tr("Only lines with this text"));
    m_text->setAccessibleName(m_text->placeholderText());
    m_text->setToolTip(tr("The host looks for it, in all lines that it keeps; upper and lower case are the same"));
    m_text->setClearButtonEnabled(true);
    m_row->addWidget(m_text, 1);
    fillApps();

    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);
    connect(&m_typing, &QTimer::timeout, this, &LogFilterBar::edited);
    connect(m_text, &QLineEdit::textEdited, &m_typing, qOverload<>(&QTimer::start));
    connect(m_text, &QLineEdit::textChanged, this, [this](const QString& text) {
        if (text.isEmpty())
            m_typing.start(); // by its clear button, which is no edit
    });
    connect(m_level, &QComboBox::currentIndexChanged, this, &LogFilterBar::edited);
    connect(m_since, &QComboBox::activated, this, [this](int index) {
        if (index < kCustomSpan)
            m_since->removeItem(kCustomSpan);
        Q_EMIT edited();
    });
    connect(m_app, &QComboBox::activated, this, [this](int index) {
        m_query.app = index == 0 ? std::string() : m_app->itemText(index).toStdString();
        m_query.replica.clear();
        m_query.request.clear();
        showChips();
        Q_EMIT edited();
    });
    connect(m_replica, &QPushButton::clicked, this, [this] {
        m_query.replica.clear();
        showChips();
        Q_EMIT edited();
    });
    connect(m_request, &QPushButton::clicked, this, [this] {
        m_query.request.clear();
        showChips();
        Q_EMIT edited();
    });
    showChips();
}

QComboBox* LogFilterBar::addBox(const QString& name)
{
    auto* const box = new QComboBox;
    box->setAccessibleName(name);
    box->setToolTip(name);
    box->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_row->addWidget(box);
    return box;
}

QPushButton* LogFilterBar::addChip()
{
    auto* const chip = new QPushButton;
    chip->setIcon(m_theme.icon(QStringLiteral("window-close")));
    chip->setToolTip(tr("Take this filter away"));
    m_row->addWidget(chip);
    return chip;
}

void LogFilterBar::setTarget(Target* target)
{
    if (m_target)
        m_target->disconnect(this);
    m_target = target;
    if (target)
        connect(target, &Target::appsChanged, this, &LogFilterBar::fillApps);
    fillApps();
}

void LogFilterBar::fillApps()
{
    QStringList names{tr("All apps")};
    if (m_target) {
        for (const control::AppInfo& app : m_target->apps())
            names += qs(app.name);
    }
    const QString chosen = m_query.app.empty() ? names.front() : qs(m_query.app);
    if (!names.contains(chosen))
        names += chosen; // gone; its lines may be there still
    const QSignalBlocker blocker(m_app);
    m_app->clear();
    m_app->addItems(names);
    m_app->setCurrentIndex(static_cast<int>(names.indexOf(chosen)));
}

void LogFilterBar::showChips()
{
    m_replica->setText(tr("Replica %1").arg(qs(m_query.replica)));
    m_replica->setVisible(!m_query.replica.empty());
    m_request->setText(tr("Request %1").arg(qs(m_query.request)));
    m_request->setVisible(!m_query.request.empty());
}

void LogFilterBar::setQuery(const control::LogQuery& query)
{
    m_query = query;
    fillApps();
    showChips();
    const QSignalBlocker levelBlocker(m_level);
    const QSignalBlocker sinceBlocker(m_since);
    const QSignalBlocker textBlocker(m_text);
    const auto level = std::ranges::find(kLevels, query.level);
    m_level->setCurrentIndex(level == kLevels.end() ? 0 : static_cast<int>(level - kLevels.begin()));
    m_text->setText(qs(query.search));
    m_since->removeItem(kCustomSpan);
    if (query.since || query.until) {
        const auto shown = [](const std::optional<TimePoint>& time) { return time ? formatDateTime(*time) : QStringLiteral("…"); };
        m_since->addItem(tr("%1 to %2").arg(shown(query.since), shown(query.until)));
        m_since->setCurrentIndex(kCustomSpan);
    } else if (!query.request.empty() || !query.replica.empty())
        m_since->setCurrentIndex(kCustomSpan - 1); // all of it, whenever it was
}

control::LogQuery LogFilterBar::query() const
{
    control::LogQuery query = m_query;
    query.level = kLevels[static_cast<std::size_t>(m_level->currentIndex())];
    query.search = m_text->text().toStdString();
    if (const int span = m_since->currentIndex(); span < kCustomSpan) {
        const std::chrono::minutes length = kSpans[static_cast<std::size_t>(span)];
        query.since = length.count() > 0 ? std::optional<TimePoint>(wallClockNow() - length) : std::nullopt;
        query.until.reset();
    }
    return query;
}

} // namespace tintype::ui
