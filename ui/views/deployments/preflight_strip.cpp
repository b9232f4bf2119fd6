// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/deployments/preflight_strip.h"

#include "deploy/control/hash_cache.h"
#include "ui/commands/studio.h"
#include "ui/models/format.h"
#include "ui/models/targets.h"
#include "ui/models/workspace.h"
#include "ui/theme/theme.h"
#include "ui/widgets/mark_delegate.h"
#include "ui/widgets/plain_table.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QTableView>
#include <QToolButton>
#include <algorithm>

namespace tintype::ui {
namespace {

constexpr int kMostRows = 8;

struct Verdict {
    Mark mark = Mark::None;
    QString word;
};

Verdict verdictOf(const Preflight& preflight)
{
    if (!preflight.problems.empty())
        return {Mark::Bad, preflight.problems.size() == 1 ? PreflightStrip::tr("1 problem") : PreflightStrip::tr("%1 problems").arg(preflight.problems.size())};
    if (preflight.error)
        return {Mark::Bad, PreflightStrip::tr("Not ready")};
    if (preflight.fits.empty())
        return {Mark::Off, PreflightStrip::tr("No host")};
    switch (preflight.fits.front().fit) {
    case Fit::NoMachine: return {Mark::Bad, PreflightStrip::tr("No machine")};
    case Fit::TooLarge: return {Mark::Bad, PreflightStrip::tr("Too large")};
    case Fit::Busy: return {Mark::Warning, PreflightStrip::tr("Has to wait")};
    case Fit::Fits: return {Mark::Good, PreflightStrip::tr("Fits")};
    case Fit::Unknown: break;
    }
    return {preflight.isKnown ? Mark::Good : Mark::Off, preflight.isKnown ? PreflightStrip::tr("Ready") : PreflightStrip::tr("Host not asked")};
}

QString changesText(const Preflight& preflight)
{
    const auto fresh = std::ranges::count_if(preflight.differences, &FieldDifference::isNewInFile);
    const auto drift = std::ranges::count_if(preflight.differences, &FieldDifference::isDrift);
    if (preflight.isNew)
        return PreflightStrip::tr("a new app");
    if (fresh == 0 && drift == 0)
        return PreflightStrip::tr("same as what is live");
    QStringList parts;
    if (fresh > 0)
        parts.append(PreflightStrip::tr("changed in the file: %1").arg(fresh));
    if (drift > 0)
        parts.append(PreflightStrip::tr("changed on the host: %1").arg(drift));
    return parts.join(QStringLiteral(", "));
}

QString factsOf(const Preflight& preflight)
{
    if (!preflight.problems.empty()) {
        const domain::DefinitionProblem& first = preflight.problems.front();
        return PreflightStrip::tr("line %1: %2").arg(first.line).arg(qs(first.message));
    }
    if (preflight.error)
        return qs(preflight.error->message);
    QStringList facts;
    if (!preflight.fits.empty())
        facts.append(preflight.fits.front().target + QStringLiteral(": ") + fitText(preflight.fits.front(), preflight.memoryBytes));
    if (preflight.isKnown) {
        const QString bytes = formatBytes(preflight.bytesMissing);
        facts.append(preflight.bytesMissing == 0 ? PreflightStrip::tr("nothing to upload")
                : preflight.isExact              ? PreflightStrip::tr("%1 to upload").arg(bytes)
                                                 : PreflightStrip::tr("at most %1 to upload").arg(bytes));
        facts.append(changesText(preflight));
    }
    for (const std::string& warning : preflight.warnings)
        facts.append(qs(warning));
    return facts.join(QStringLiteral(" · "));
}

} // namespace

PreflightStrip::PreflightStrip(Studio& studio, QWidget* parent)
    : QFrame(parent)
    , m_studio(studio)
    , m_check(studio.targets, control::HashCache::defaultFile())
    , m_verdict(new MarkLabel(studio.theme))
    , m_facts(new QLabel)
    , m_unfold(new QToolButton)
    , m_details(new QWidget)
    , m_hosts(new QLabel)
    , m_differences({tr("Field"), tr("File"), tr("Revision"), tr("Live")})
    , m_table(makeTable(studio.theme, m_differences, tr("Differences of file, revision and live app"), 1))
{
    setProperty("role", QStringLiteral("bar"));
    setAccessibleName(tr("Preflight"));
    m_facts->setProperty("role", QStringLiteral("muted"));
    m_facts->setTextFormat(Qt::PlainText);
    m_facts->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    m_unfold->setIcon(studio.theme.icon(QStringLiteral("arrow-up")));
    m_unfold->setToolTip(tr("Show how file, revision and live app differ, and which hosts fit"));
    m_unfold->setCheckable(true);
    m_hosts->setWordWrap(true);
    m_hosts->setTextFormat(Qt::PlainText);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_details->hide();

    auto* const line = new QHBoxLayout;
    line->setContentsMargins(Theme::space(3), 0, Theme::space(2), 0);
    line->setSpacing(Theme::space(3));
    line->addWidget(m_verdict);
    line->addWidget(m_facts, 1);
    line->addWidget(m_unfold);
    auto* const inside = new QVBoxLayout(m_details);
    inside->setContentsMargins(Theme::space(3), 0, Theme::space(3), Theme::space(2));
    inside->addWidget(m_hosts);
    inside->addWidget(m_table);
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addLayout(line);
    column->addWidget(m_details);

    connect(m_unfold, &QToolButton::toggled, m_details, &QWidget::setVisible);
    connect(&m_check, &PreflightCheck::changed, this, &PreflightStrip::showResult);
    connect(&studio.workspace, &Workspace::currentChanged, this, &PreflightStrip::follow);
    connect(&studio.targets, &Targets::currentChanged, this, &PreflightStrip::follow);
    m_verdict->setState(Mark::Off, tr("Not checked yet"));
}

void PreflightStrip::showEvent(QShowEvent* event)
{
    QFrame::showEvent(event);
    follow();
}

/// Nobody sees it: no host is asked.
void PreflightStrip::hideEvent(QHideEvent* event)
{
    m_check.setDocument(nullptr);
    QFrame::hideEvent(event);
}

void PreflightStrip::follow()
{
    if (!isVisible())
        return;
    m_check.setDocument(m_studio.workspace.current());
    m_check.setTarget(m_studio.targets.current());
}

void PreflightStrip::showResult()
{
    const Preflight& preflight = m_check.result();
    const Verdict verdict = verdictOf(preflight);
    m_verdict->setState(verdict.mark, verdict.word);
    const QString facts = factsOf(preflight);
    m_facts->setText(facts);
    m_facts->setToolTip(facts);
    showDetails(preflight);
}

void PreflightStrip::showDetails(const Preflight& preflight)
{
    QStringList hosts;
    for (const MemoryFit& fit : preflight.fits)
        hosts.append(fit.target + QStringLiteral(": ") + fitText(fit, preflight.memoryBytes));
    m_hosts->setText(hosts.isEmpty() ? tr("No host is connected.") : hosts.join(QLatin1Char('\n')));
    std::vector<TextTable::Row> rows;
    const auto shown = [](const QString& value) { return value.isEmpty() ? tr("not set") : value; };
    for (const FieldDifference& difference : preflight.differences)
        rows.push_back({difference.field, {difference.field, shown(difference.file), shown(difference.revision), shown(difference.live)}});
    m_differences.setRows(std::move(rows));
    fitHeight(*m_table, kMostRows);
}

} // namespace tintype::ui
