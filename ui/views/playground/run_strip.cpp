// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/playground/run_strip.h"

#include "ui/theme/theme.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QProgressBar>
#include <QPushButton>

namespace tintype::ui {
namespace {

constexpr int kScale = 1000;
constexpr int kBarWidth = 40; ///< steps of the grid
constexpr std::chrono::milliseconds kTick{500};

} // namespace

RunStrip::RunStrip(const Theme& theme, const JobQueue& jobs, QWidget* parent)
    : QFrame(parent)
    , m_jobs(jobs)
    , m_text(new QLabel)
    , m_detail(new QLabel)
    , m_bar(new QProgressBar)
    , m_watch(new QPushButton(tr("Watch")))
    , m_cancel(new QPushButton(tr("Cancel")))
{
    auto* const row = new QHBoxLayout(this);
    row->setContentsMargins(Theme::space(3), Theme::space(1), Theme::space(3), Theme::space(1));
    row->setSpacing(Theme::space(3));
    row->addWidget(m_bar);
    row->addWidget(m_text);
    row->addWidget(m_detail, 1);
    row->addWidget(m_watch);
    row->addWidget(m_cancel);
    m_bar->setFixedWidth(Theme::space(kBarWidth));
    m_bar->setTextVisible(false);
    m_detail->setProperty("role", QStringLiteral("muted"));
    m_text->setTextFormat(Qt::PlainText);
    m_detail->setTextFormat(Qt::PlainText);
    m_text->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Preferred);
    m_detail->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_watch->setToolTip(tr("Show the picture as it comes"));
    m_watch->hide();
    m_cancel->setIcon(theme.icon(QStringLiteral("process-stop")));
    m_cancel->setToolTip(tr("Stop within a step"));
    m_tick.setInterval(kTick);
    connect(&m_tick, &QTimer::timeout, this, &RunStrip::refresh);
    connect(m_cancel, &QPushButton::clicked, this, [this] { Q_EMIT cancelWanted(m_id); });
    connect(m_watch, &QPushButton::clicked, this, &RunStrip::watchWanted);
    connect(&jobs, &QAbstractItemModel::dataChanged, this, &RunStrip::refresh);
    setFixedHeight(theme.controlHeight() + Theme::space(3));
    setJob({});
}

void RunStrip::setJob(const QString& id)
{
    m_id = id;
    const bool hasJob = !id.isEmpty();
    m_bar->setVisible(hasJob);
    m_text->setVisible(hasJob);
    m_cancel->setVisible(hasJob);
    if (!hasJob) {
        m_watch->hide();
        m_detail->setText(m_idleText);
    }
    if (id.isEmpty())
        m_tick.stop();
    else
        m_tick.start();
    refresh();
}

void RunStrip::setIdleText(const QString& text)
{
    m_idleText = text;
    if (m_id.isEmpty())
        m_detail->setText(text);
}

void RunStrip::setWatched(bool isWatched)
{
    m_watch->setVisible(!isWatched && !m_id.isEmpty());
}

void RunStrip::refresh()
{
    if (const Job* job = m_jobs.find(m_id))
        show(*job);
}

void RunStrip::show(const Job& job)
{
    static const std::vector<domain::ReplicaInfo> none;
    const JobStatus status = jobStatus(job, job.target ? job.target->replicas() : none, wallClockNow());
    m_text->setText(status.text);
    m_detail->setText(status.detail);
    m_detail->setToolTip(status.detail);
    m_bar->setRange(0, status.share < 0 ? 0 : kScale);
    if (status.share >= 0)
        m_bar->setValue(static_cast<int>(status.share * kScale));
}

} // namespace tintype::ui
