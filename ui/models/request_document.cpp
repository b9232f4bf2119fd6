// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/request_document.h"

#include "deploy/control/json_values.h"
#include "ui/models/call_output.h"
#include "ui/models/format.h"
#include "ui/models/request_model.h"

#include <QCoreApplication>
#include <algorithm>

namespace tintype::ui {
namespace {

using control::fieldOf;
using OrderedJson = nlohmann::ordered_json;

constexpr std::size_t kLongestString = 2000; ///< shown of one, bytes
constexpr qsizetype kLongestText = 60'000;   ///< shown of all, UTF-16 units: more would hold the window up
constexpr int kDeepest = 64;
constexpr double kLeastRest = 0.0005; ///< seconds that are worth a row

QString translated(const char* text)
{
    return QCoreApplication::translate("request", text);
}

/// A start of it that ends with a whole character.
std::string cut(const std::string& text, std::size_t most)
{
    while (most > 0 && (static_cast<unsigned char>(text[most]) & 0xC0) == 0x80)
        --most;
    return text.substr(0, most);
}

void shorten(OrderedJson& value, int depth)
{
    if (value.is_string()) {
        const auto& text = value.get_ref<const std::string&>();
        if (text.size() <= kLongestString)
            return;
        const bool isData = text.starts_with("data:");
        const std::string start = cut(text, isData ? std::min(text.find(',') + 1, std::size_t(200)) : kLongestString);
        value = start + "… (" + formatBytes(text.size()).toStdString() + ")";
    } else if (depth > kDeepest) {
        value = "…";
    } else if (value.is_structured()) {
        for (OrderedJson& item : value)
            shorten(item, depth + 1);
    }
}

QString shownText(OrderedJson value)
{
    if (value.is_null())
        return {};
    shorten(value, 0);
    const QString text = qs(value.dump(2, ' ', false, OrderedJson::error_handler_t::replace));
    return text.size() <= kLongestText ? text
                                       : text.left(kLongestText) + QLatin1Char('\n')
            + translated("… %1 more characters").arg(formatCount(text.size() - kLongestText));
}

/// Puts phases one behind the other.
class Phases {
public:
    void add(Phase phase, double seconds, int step = 0, int steps = 0)
    {
        if (seconds <= 0)
            return;
        m_spans.push_back({phase, m_end, seconds, step, steps});
        m_end += seconds;
    }

    /// Whatever is left of `seconds` since the start.
    void fillUp(double seconds)
    {
        if (seconds - m_end >= kLeastRest)
            add(Phase::Rest, seconds - m_end);
    }

    double end() const { return m_end; }
    QVector<PhaseSpan> take() { return std::move(m_spans); }

private:
    QVector<PhaseSpan> m_spans;
    double m_end = 0;
};

QVector<PhaseSpan> phasesOf(const control::RequestInfo& info, const CallTimings& timings, TimePoint now, double total)
{
    Phases phases;
    const bool isDone = info.state == "done";
    if (!isDone) {
        const auto until = [&](TimePoint time) { return std::chrono::duration<double>(time - info.submittedAt).count(); };
        phases.add(Phase::Queue, info.startedAt ? until(*info.startedAt) : total);
        if (info.startedAt)
            phases.add(Phase::Rest, until(now) - phases.end());
        return phases.take();
    }
    phases.add(Phase::Queue, info.queueSeconds);
    phases.add(Phase::Setup, info.setupSeconds);
    const double begun = phases.end();
    phases.add(Phase::Text, timings.text);
    for (int step = 0; step < timings.steps.size(); ++step)
        phases.add(Phase::Denoise, timings.steps[step], step + 1, static_cast<int>(timings.steps.size()));
    if (timings.steps.isEmpty())
        phases.add(Phase::Denoise, timings.denoise);
    phases.add(Phase::Decode, timings.decode);
    phases.add(Phase::Encode, timings.encode);
    phases.fillUp(std::max(begun + info.totalSeconds, total));
    return phases.take();
}

CallTimings timingsOf(const OrderedJson& answer)
{
    const auto found = answer.find("timings");
    if (found == answer.end())
        return {};
    return readCallOutput(QByteArray::fromStdString(OrderedJson{{"timings", *found}}.dump())).timings;
}

} // namespace

QString phaseName(Phase phase)
{
    switch (phase) {
    case Phase::Queue: return translated("Queue");
    case Phase::Setup: return translated("Setup");
    case Phase::Text: return translated("Text");
    case Phase::Denoise: return translated("Denoise");
    case Phase::Decode: return translated("Decode");
    case Phase::Encode: return translated("Encode");
    case Phase::Rest: break;
    }
    return translated("Other");
}

RequestDocument readRequest(const control::RequestDetail& detail, TimePoint now)
{
    RequestDocument document;
    document.info = detail.info;
    document.totalSeconds = requestSeconds(detail.info, now);
    const OrderedJson answer = OrderedJson::parse(detail.json, nullptr, false);
    if (!answer.is_object()) {
        document.phases = phasesOf(detail.info, {}, now, document.totalSeconds);
        return document;
    }
    const control::Json plain = answer;
    document.errorType = qs(control::textOf(plain, "error_type"));
    document.key = qs(control::textOf(plain, "key"));
    document.attempts = static_cast<int>(control::integerOf(plain, "attempts"));
    document.cold = control::flagOf(plain, "cold");
    if (fieldOf(plain, "eta").is_number())
        document.eta = control::numberOf(plain, "eta");
    document.step = static_cast<int>(control::integerOf(fieldOf(plain, "progress"), "step"));
    document.steps = static_cast<int>(control::integerOf(fieldOf(plain, "progress"), "steps"));
    const auto part = [&answer](const char* name) { return answer.contains(name) ? answer[name] : OrderedJson(); };
    const OrderedJson input = part("input");
    const OrderedJson output = part("output");
    document.input = input.is_null() ? QString() : qs(input.dump(-1, ' ', false, OrderedJson::error_handler_t::replace));
    document.inputText = shownText(input);
    document.outputText = shownText(output);
    document.pictureUrls = readCallOutput(QByteArray::fromStdString(output.dump(-1, ' ', false, OrderedJson::error_handler_t::replace))).pictureUrls;
    document.phases = phasesOf(detail.info, timingsOf(answer), now, document.totalSeconds);
    return document;
}

} // namespace tintype::ui
