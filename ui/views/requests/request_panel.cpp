// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/views/requests/request_panel.h"

#include "ui/commands/studio.h"
#include "ui/models/background.h"
#include "ui/models/format.h"
#include "ui/models/request_model.h"
#include "ui/theme/theme.h"
#include "ui/views/requests/result_pictures.h"
#include "ui/widgets/mark_delegate.h"
#include "ui/widgets/timeline.h"

#include <QGridLayout>
#include <QLabel>
#include <QPlainTextEdit>
#include <QTabWidget>
#include <QToolButton>
#include <QStyle>

namespace tintype::ui {
namespace {

constexpr int kAskMs = 150;
constexpr int kClockMs = 500;
constexpr int kLogLines = 300;
constexpr qsizetype kLongestLine = 2000; ///< UTF-16 units shown of one

QPlainTextEdit* makeText(const Theme& theme, const QString& name)
{
    auto* const text = new QPlainTextEdit;
    text->setReadOnly(true);
    text->setFrameShape(QFrame::NoFrame);
    text->setAccessibleName(name);
    const auto setFont = [&theme, text] { text->setFont(theme.font(TextStyle::Mono)); };
    QObject::connect(&theme, &Theme::changed, text, setFont);
    setFont();
    return text;
}

/// Keeps the place that is being read, if the text stays the same.
void setText(QPlainTextEdit& edit, const QString& text)
{
    if (edit.toPlainText() != text)
        edit.setPlainText(text);
}

QLabel* makeLabel(const char* role)
{
    auto* const label = new QLabel;
    label->setProperty("role", QLatin1String(role));
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

RequestPanel::RequestPanel(Studio& studio, const QList<QAction*>& actions, QWidget* parent)
    : QWidget(parent)
    , m_studio(studio)
{
    auto* const column = new QVBoxLayout(this);
    column->setContentsMargins(Theme::space(3), Theme::space(2), Theme::space(3), Theme::space(2));
    column->setSpacing(Theme::space(3));
    column->addWidget(makeHead(actions));
    m_facts = new QGridLayout;
    m_facts->setHorizontalSpacing(Theme::space(3));
    m_facts->setVerticalSpacing(Theme::space(1));
    m_facts->setColumnStretch(1, 1);
    m_facts->setColumnStretch(3, 1);
    column->addLayout(m_facts);
    m_timeline = new Timeline(studio.theme);
    column->addWidget(m_timeline);
    column->addWidget(makeTabs(), 1);
    m_askTimer.setSingleShot(true);
    m_askTimer.setInterval(kAskMs);
    connect(&m_askTimer, &QTimer::timeout, this, &RequestPanel::ask);
    m_clock.setInterval(kClockMs);
    connect(&m_clock, &QTimer::timeout, this, &RequestPanel::tick);
}

RequestPanel::~RequestPanel() = default;

QWidget* RequestPanel::makeHead(const QList<QAction*>& actions)
{
    auto* const head = new QWidget;
    m_mark = new MarkLabel(m_studio.theme);
    m_total = makeLabel("title");
    m_idText = makeLabel("caption");
    m_sentence = makeLabel("error");
    m_sentence->setWordWrap(true);
    auto* const first = new QHBoxLayout;
    first->addWidget(m_mark);
    first->addWidget(m_total);
    first->addStretch(1);
    first->addWidget(m_idText);
    auto* const second = new QHBoxLayout;
    second->setSpacing(Theme::space(1));
    for (QAction* const action : actions) {
        auto* const button = new QToolButton;
        button->setDefaultAction(action);
        button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
        button->setFocusPolicy(Qt::StrongFocus);
        second->addWidget(button);
    }
    second->addStretch(1);
    auto* const column = new QVBoxLayout(head);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(Theme::space(2));
    column->addLayout(first);
    column->addLayout(second);
    column->addWidget(m_sentence);
    return head;
}

QWidget* RequestPanel::makeTabs()
{
    m_tabs = new QTabWidget;
    m_pictures = new ResultPictures(m_studio.theme);
    m_input = makeText(m_studio.theme, tr("Input"));
    m_output = makeText(m_studio.theme, tr("Output"));
    m_log = makeText(m_studio.theme, tr("Log lines"));
    m_tabs->addTab(m_pictures, tr("Result"));
    m_tabs->addTab(m_input, tr("Input"));
    m_tabs->addTab(m_output, tr("Output"));
    m_tabs->addTab(m_log, tr("Log"));
    m_tabs->setDocumentMode(true);
    return m_tabs;
}

void RequestPanel::setRequest(Target* target, const std::string& id)
{
    if (target == m_target && id == m_id)
        return;
    m_target = target;
    m_id = id;
    m_document.reset();
    m_detail = {};
    m_clock.stop();
    m_guard = std::make_unique<QObject>();
    m_log->clear();
    if (target && !id.empty()) {
        connect(target, &Target::happened, m_guard.get(), [this](const control::Event& event) { onEvent(event); });
        ask();
        askLogs();
    }
    Q_EMIT documentChanged();
}

void RequestPanel::ask()
{
    if (!m_target)
        return;
    m_target->control().request(m_id).then(m_guard.get(), [this](const Result<control::RequestDetail>& detail) {
        if (detail)
            onDetail(*detail);
        else
            Q_EMIT failed(detail.error());
    });
}

void RequestPanel::onDetail(const control::RequestDetail& detail)
{
    m_detail = detail;
    inBackground([detail] { return readRequest(detail, wallClockNow()); })
        .then(m_guard.get(), [this](const RequestDocument& document) { show(document); });
}

void RequestPanel::askLogs()
{
    control::LogQuery query;
    query.request = m_id;
    query.page.limit = kLogLines;
    m_target->control().logs(query).then(m_guard.get(), [this](const Result<control::Page<control::LogLine>>& page) {
        QStringList lines;
        if (!page)
            lines += qs(page.error().message);
        else if (page->items.empty())
            lines += tr("The request left no log lines, or they have expired.");
        for (const control::LogLine& line : page ? page->items : std::vector<control::LogLine>())
            lines += formatTime(line.time, m_utc) + QLatin1Char(' ') + qs(line.level) + QLatin1Char(' ') + qs(line.text).left(kLongestLine);
        if (page && !page->next.empty())
            lines += tr("… more on the page Logs");
        setText(*m_log, lines.join(QLatin1Char('\n')));
    });
}

void RequestPanel::onEvent(const control::Event& event)
{
    const auto* const changed = std::get_if<control::RequestChanged>(&event);
    const auto* const progressed = std::get_if<control::RequestProgressed>(&event);
    if (changed && changed->request.id == m_id) {
        m_askTimer.start();
        if (changed->request.state == "done")
            askLogs();
    } else if (progressed && progressed->request == m_id && m_document) {
        m_document->step = progressed->progress.step;
        m_document->steps = progressed->progress.steps;
        m_document->eta = progressed->progress.etaSeconds;
        showSentence(*m_document);
    }
}

/// A live one grows.
void RequestPanel::tick()
{
    if (!m_document || m_document->info.state == "done")
        return m_clock.stop();
    const RequestDocument now = readRequest({m_document->info, {}}, wallClockNow());
    m_document->phases = now.phases;
    m_document->totalSeconds = now.totalSeconds;
    m_timeline->setPhases(now.phases, now.totalSeconds);
    showHead(*m_document);
}

void RequestPanel::setUtc(bool utc)
{
    m_utc = utc;
    if (m_document)
        showFacts(*m_document);
}

void RequestPanel::show(const RequestDocument& document)
{
    const bool isFirst = !m_document;
    m_document = document;
    showHead(document);
    showSentence(document);
    showFacts(document);
    m_timeline->setPhases(document.phases, document.totalSeconds);
    const bool isDone = document.info.state == "done";
    setText(*m_input, document.inputText.isEmpty() ? tr("The host keeps no input of this request.") : document.inputText);
    setText(*m_output, !document.outputText.isEmpty() ? document.outputText
            : isDone                                  ? tr("The host keeps no result of this request.")
                                                      : tr("It has no result yet."));
    m_pictures->setPictures(m_target, document.pictureUrls);
    m_tabs->setTabVisible(0, m_pictures->count() > 0);
    if (isFirst)
        m_tabs->setCurrentWidget(m_pictures->count() > 0 ? static_cast<QWidget*>(m_pictures) : m_input);
    isDone ? m_clock.stop() : m_clock.start();
    Q_EMIT documentChanged();
}

void RequestPanel::showHead(const RequestDocument& document)
{
    const control::RequestInfo& info = document.info;
    m_mark->setState(requestMark(info), info.status > 0 ? tr("%1, %2").arg(requestWord(info)).arg(info.status) : requestWord(info));
    m_total->setText(formatDuration(document.totalSeconds));
    m_idText->setText(qs(info.id));
}

void RequestPanel::showSentence(const RequestDocument& document)
{
    const control::RequestInfo& info = document.info;
    QString sentence = qs(info.error.empty() ? info.reason : info.error);
    if (!document.errorType.isEmpty())
        sentence += QStringLiteral(" (") + document.errorType + QLatin1Char(')');
    if (info.state == "running" && document.steps > 0)
        sentence = tr("Step %1 of %2").arg(document.step).arg(document.steps);
    if (info.state != "done" && document.eta)
        sentence += (sentence.isEmpty() ? QString() : QStringLiteral(" · ")) + tr("%1 left").arg(formatDuration(*document.eta));
    m_sentence->setText(sentence);
    m_sentence->setVisible(!sentence.isEmpty());
    const char* const role = info.error.empty() ? "muted" : "error";
    if (m_sentence->property("role") != QLatin1String(role)) {
        m_sentence->setProperty("role", QLatin1String(role));
        m_sentence->style()->unpolish(m_sentence);
        m_sentence->style()->polish(m_sentence);
    }
}

void RequestPanel::addFact(const QString& name, const QString& value)
{
    if (value.isEmpty())
        return;
    const int place = m_facts->count() / 2;
    auto* const label = makeLabel("muted");
    label->setText(name);
    auto* const text = new QLabel(value);
    text->setTextInteractionFlags(Qt::TextSelectableByMouse);
    text->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
    text->setToolTip(value);
    m_facts->addWidget(label, place / 2, place % 2 * 2);
    m_facts->addWidget(text, place / 2, place % 2 * 2 + 1);
}

void RequestPanel::showFacts(const RequestDocument& document)
{
    while (QLayoutItem* const item = m_facts->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    const control::RequestInfo& info = document.info;
    addFact(tr("App"), qs(info.app) + (info.endpoint == "/" ? QString() : QLatin1Char(' ') + qs(info.endpoint)));
    addFact(tr("Via"), qs(info.via));
    addFact(tr("Submitted"), formatDateTime(info.submittedAt, m_utc));
    addFact(tr("Finished"), info.finishedAt ? formatDateTime(*info.finishedAt, m_utc) : QString());
    addFact(tr("Revision"), qs(info.revision).left(12));
    addFact(tr("Replica"), qs(info.replica));
    addFact(tr("Attempts"), document.attempts > 1 ? formatCount(document.attempts) : QString());
    addFact(tr("Start"), document.cold ? tr("Cold: it waited for a replica") : QString());
    addFact(tr("Key"), document.key);
}

} // namespace tintype::ui
