// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/result_details.h"

#include "ui/models/format.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/timing_bar.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QToolButton>

namespace tintype::ui {

ResultDetails::ResultDetails(const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_seed(new QLabel)
    , m_reuse(new QToolButton)
    , m_facts(new QLabel)
    , m_timings(new TimingBar(theme))
    , m_request(new QToolButton)
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(2), Theme::space(1));
    row->setSpacing(Theme::space(2));
    row->addWidget(m_seed);
    row->addWidget(m_reuse);
    row->addWidget(m_facts);
    row->addSpacing(Theme::space(2));
    row->addWidget(m_timings, 1);
    row->addWidget(m_request);
    m_seed->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_facts->setProperty("role", QStringLiteral("muted"));
    m_reuse->setIcon(theme.icon(QStringLiteral("object-locked")));
    m_reuse->setToolTip(tr("Use this seed for the next call"));
    m_request->setIcon(theme.icon(QStringLiteral("view-list-details")));
    m_request->setToolTip(tr("Show the request"));
    connect(m_reuse, &QToolButton::clicked, this, [this] { Q_EMIT seedWanted(m_seedValue.value_or(0)); });
    connect(m_request, &QToolButton::clicked, this, [this] { Q_EMIT requestWanted(m_requestId); });
    clear();
}

void ResultDetails::show(const Generation& generation, const CallOutput& output, const QSize& size, qsizetype bytes)
{
    m_seedValue = generation.seed;
    m_requestId = generation.requestId;
    m_seed->setText(m_seedValue ? tr("Seed %1").arg(*m_seedValue) : QString());
    QStringList facts;
    if (!size.isEmpty())
        facts += tr("%1 × %2 px").arg(size.width()).arg(size.height());
    if (bytes > 0)
        facts += formatBytes(static_cast<std::uint64_t>(bytes));
    if (generation.totalSeconds > 0)
        facts += formatDuration(generation.totalSeconds);
    m_facts->setText(facts.join(QStringLiteral(" · ")));
    m_timings->setTimings(output.timings);
    m_reuse->setVisible(m_seedValue.has_value());
    m_request->setVisible(!m_requestId.isEmpty());
}

void ResultDetails::clear()
{
    m_seed->clear();
    m_facts->clear();
    m_timings->setTimings({});
    m_reuse->hide();
    m_request->hide();
}

} // namespace tintype::ui
