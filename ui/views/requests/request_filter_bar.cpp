// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/requests/request_filter_bar.h"

#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/theme/theme.h"
#include "ui/widgets/app_filter.h"
#include "ui/widgets/range_picker.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QRegularExpressionValidator>
#include <QSettings>
#include <QToolButton>

namespace tintype::ui {
namespace {

constexpr int kTypingMs = 300;
constexpr qsizetype kShortId = 8;
constexpr int kStatusWidthSteps = 16;
const QString kRangeKey = QStringLiteral("requests/range");
const QString kUtcKey = QStringLiteral("requests/utc");
const QString kLive = QStringLiteral("live");

/// "422" → 422, "4xx" → 4
std::optional<int> statusFrom(const QString& text)
{
    const QString digits = text.endsWith(QLatin1String("xx"), Qt::CaseInsensitive) ? text.chopped(2) : text;
    const int status = digits.toInt();
    return (digits.size() == 3 || digits.size() != text.size()) && status > 0 ? std::optional<int>(status) : std::nullopt;
}

QString statusText(const std::optional<int>& status)
{
    return !status ? QString() : *status < 10 ? QString::number(*status) + QStringLiteral("xx") : QString::number(*status);
}

} // namespace

RequestFilterBar::RequestFilterBar(Studio& studio, QWidget* parent)
    : QWidget(parent)
    , m_time(rangeFromKey(studio.settings.value(kRangeKey).toString()))
    , m_app(new AppFilter(studio.targets))
    , m_outcome(new QComboBox)
    , m_status(new QLineEdit)
    , m_text(new QLineEdit)
    , m_sort(new QComboBox)
    , m_extraButton(new QToolButton)
{
    m_time.setUtc(studio.settings.value(kUtcKey).toBool());
    fillOutcomes();
    m_status->setPlaceholderText(tr("Status"));
    m_status->setToolTip(tr("HTTP status: 422, or all of a class: 4xx"));
    m_status->setAccessibleName(tr("Status"));
    m_status->setFixedWidth(Theme::space(kStatusWidthSteps));
    m_status->setValidator(new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[1-5]([0-9]{2}|[xX]{2})")), m_status));
    m_text->setPlaceholderText(tr("Search input, error and id"));
    m_text->setAccessibleName(m_text->placeholderText());
    m_text->setClearButtonEnabled(true);
    m_sort->addItem(tr("Newest first"), QString());
    m_sort->addItem(tr("Slowest first"), QStringLiteral("slowest"));
    m_sort->setAccessibleName(tr("Order"));
    m_extraButton->setProperty("role", QStringLiteral("button"));
    m_extraButton->setIcon(studio.theme.icon(QStringLiteral("edit-clear")));
    m_extraButton->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_extraButton->setToolTip(tr("Take this filter away"));
    m_extraButton->setVisible(false);
    m_typing.setSingleShot(true);
    m_typing.setInterval(kTypingMs);

    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(Theme::space(2));
    row->addWidget(m_app);
    row->addWidget(m_outcome);
    row->addWidget(m_status);
    row->addWidget(new RangePicker(studio.theme, m_time, RangePicker::Any::Offered));
    row->addWidget(m_extraButton);
    row->addWidget(m_text, 1);
    row->addWidget(m_sort);

    connect(m_app, &AppFilter::changed, this, &RequestFilterBar::changed);
    connect(m_outcome, &QComboBox::activated, this, &RequestFilterBar::changed);
    connect(m_sort, &QComboBox::activated, this, &RequestFilterBar::changed);
    connect(m_status, &QLineEdit::textEdited, this, &RequestFilterBar::onStatus);
    connect(m_text, &QLineEdit::textChanged, this, [this] { m_typing.start(); });
    connect(&m_typing, &QTimer::timeout, this, &RequestFilterBar::changed);
    connect(m_extraButton, &QToolButton::clicked, this, [this] {
        m_extra = {};
        showExtra();
        Q_EMIT changed();
    });
    connect(&m_time, &RangeChoice::rangeChanged, this, [this, &studio] {
        studio.settings.setValue(kRangeKey, rangeKey(m_time.range()));
        Q_EMIT changed();
    });
    connect(&m_time, &RangeChoice::utcChanged, this, [this, &studio] { studio.settings.setValue(kUtcKey, m_time.isUtc()); });
}

void RequestFilterBar::fillOutcomes()
{
    m_outcome->addItem(tr("Any outcome"), QString());
    m_outcome->addItem(tr("Live"), kLive);
    m_outcome->insertSeparator(m_outcome->count());
    m_outcome->addItem(tr("Succeeded"), QStringLiteral("success"));
    m_outcome->addItem(tr("Refused"), QStringLiteral("user_error"));
    m_outcome->addItem(tr("Failed"), QStringLiteral("error"));
    m_outcome->addItem(tr("Cancelled"), QStringLiteral("cancelled"));
    m_outcome->setAccessibleName(tr("Outcome"));
}

control::RequestQuery RequestFilterBar::query() const
{
    control::RequestQuery query = m_extra;
    query.app = m_app->app();
    query.endpoint = m_app->endpoint();
    const QString outcome = m_outcome->currentData().toString();
    if (outcome == kLive)
        query.state = "running";
    else
        query.outcome = outcome.toStdString();
    query.status = statusFrom(m_status->text());
    query.text = m_text->text().trimmed().toStdString();
    query.sort = m_sort->currentData().toString().toStdString();
    return query;
}

void RequestFilterBar::setQuery(const control::RequestQuery& query)
{
    const QSignalBlocker quietText(m_text);
    const QSignalBlocker quiet(this);
    m_typing.stop();
    m_app->choose(query.app, query.endpoint);
    m_outcome->setCurrentIndex(std::max(m_outcome->findData(query.state.empty() ? qs(query.outcome) : kLive), 0));
    m_status->setText(statusText(query.status));
    m_text->setText(qs(query.text));
    m_sort->setCurrentIndex(query.sort == "slowest" ? 1 : 0);
    m_extra = {};
    m_extra.replica = query.replica;
    m_extra.revision = query.revision;
    m_extra.key = query.key;
    m_extra.minTotal = query.minTotal;
    m_extra.maxTotal = query.maxTotal;
    m_extra.cold = query.cold;
    showExtra();
    const TimePoint now = wallClockNow();
    m_time.setRange(query.since || query.until ? TimeRange::between({query.since.value_or(TimePoint()), query.until.value_or(now)}) : TimeRange());
}

void RequestFilterBar::showExtra()
{
    QStringList parts;
    if (!m_extra.replica.empty())
        parts += tr("replica %1").arg(qs(m_extra.replica).left(kShortId));
    if (!m_extra.revision.empty())
        parts += tr("revision %1").arg(qs(m_extra.revision).left(kShortId));
    if (!m_extra.key.empty())
        parts += tr("key %1").arg(qs(m_extra.key));
    if (m_extra.minTotal)
        parts += tr("over %1").arg(formatDuration(*m_extra.minTotal));
    if (m_extra.maxTotal)
        parts += tr("up to %1").arg(formatDuration(*m_extra.maxTotal));
    if (m_extra.cold)
        parts += *m_extra.cold ? tr("cold start") : tr("warm start");
    m_extraButton->setText(parts.join(QStringLiteral(", ")));
    m_extraButton->setVisible(!parts.isEmpty());
}

void RequestFilterBar::onStatus()
{
    if (m_status->text().isEmpty() || m_status->hasAcceptableInput())
        m_typing.start();
}

void RequestFilterBar::focusText() { m_text->setFocus(); }

} // namespace tintype::ui
