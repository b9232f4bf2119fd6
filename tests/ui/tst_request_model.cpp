// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/request_document.h"
#include "ui/models/request_model.h"

#include <QAbstractItemModelTester>
#include <QSignalSpy>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using namespace std::chrono_literals;
using control::RequestInfo;

namespace {

const TimePoint kStart = fromMilliseconds(1'760'000'000'000);

RequestInfo record(const std::string& id, int second = 0, const std::string& outcome = "success")
{
    RequestInfo info;
    info.id = id;
    info.app = "shapes";
    info.endpoint = "/";
    info.state = "done";
    info.outcome = outcome;
    info.status = outcome == "success" ? 200 : 500;
    info.submittedAt = kStart + std::chrono::seconds(second);
    info.finishedAt = info.submittedAt + 2s;
    return info;
}

RequestInfo live(const std::string& id, int second = 0, const std::string& state = "queued")
{
    RequestInfo info = record(id, second);
    info.state = state;
    info.outcome.clear();
    info.status = 0;
    info.finishedAt.reset();
    return info;
}

QString cell(const RequestModel& model, int row, int column) { return model.index(row, column).data().toString(); }

QStringList ids(const RequestModel& model)
{
    QStringList found;
    for (int row = 0; row < model.rowCount(); ++row)
        found += model.index(row, 0).data(RequestModel::IdRole).toString();
    return found;
}

RequestDocument documentOf(const std::string& json, const RequestInfo& info = record("a"))
{
    return readRequest({info, json}, kStart + 10s);
}

} // namespace

class TestRequestModel : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void liveOnesStandOnTop()
    {
        RequestModel model;
        const QAbstractItemModelTester tester(&model);
        model.append({record("c", 3), record("b", 2)}, false);
        model.putLive({live("x", 5), live("y", 9)});
        QCOMPARE(ids(model), QStringList({QStringLiteral("y"), QStringLiteral("x"), QStringLiteral("c"), QStringLiteral("b")}));
        QVERIFY(model.isLive(1));
        QVERIFY(!model.isLive(2));
        QCOMPARE(model.rowOf("b"), 3);
        QCOMPARE(model.rowOf("none"), -1);
    }

    void aDoneOneMoves()
    {
        RequestModel model;
        const QAbstractItemModelTester tester(&model);
        model.append({record("b", 2)}, false);
        model.putLive({live("x", 5)});
        model.prepend({record("x", 5)});
        QCOMPARE(ids(model), QStringList({QStringLiteral("x"), QStringLiteral("b")}));
        QCOMPARE(model.liveCount(), 0);
        model.putLive({live("x", 5)}); // news that came late
        QCOMPARE(model.liveCount(), 0);
    }

    void nothingStandsTwice()
    {
        RequestModel model;
        const QAbstractItemModelTester tester(&model);
        model.prepend({record("b", 2)});
        model.append({record("b", 2), record("a", 1)}, true);
        model.append({record("a", 1)}, false);
        QCOMPARE(ids(model), QStringList({QStringLiteral("b"), QStringLiteral("a")}));
    }

    void asksForMoreOnce()
    {
        RequestModel model;
        QSignalSpy wanted(&model, &RequestModel::moreWanted);
        QVERIFY(!model.canFetchMore({}));
        model.append({record("a")}, true);
        QVERIFY(model.canFetchMore({}));
        model.fetchMore({});
        model.fetchMore({});
        QCOMPARE(wanted.count(), 1);
        model.append({}, true);
        QVERIFY(model.canFetchMore({}));
        model.append({record("b")}, false);
        QVERIFY(!model.canFetchMore({}));
    }

    void liveOnesAreReplaced()
    {
        RequestModel model;
        const QAbstractItemModelTester tester(&model);
        model.putLive({live("x", 1), live("y", 2)});
        model.setLive({live("y", 2, "running"), live("z", 3)});
        QCOMPARE(ids(model), QStringList({QStringLiteral("z"), QStringLiteral("y")}));
        QCOMPARE(cell(model, 1, RequestModel::State), QStringLiteral("Running"));
        model.removeLive("none");
        model.clear();
        QCOMPARE(model.rowCount(), 0);
    }

    void droppedOnesCanComeBack()
    {
        RequestModel model;
        QAbstractItemModelTester tester(&model);
        tester.setUseFetchMore(false); // this test looks whether there is more, and takes none
        model.append({record("c", 3), record("b", 2), record("a", 1)}, false);
        model.keepRecords(1);
        QCOMPARE(ids(model), QStringList(QStringLiteral("c")));
        QVERIFY(model.canFetchMore({}));
        model.append({record("b", 2)}, false);
        QCOMPARE(model.rowCount(), 2);
    }

    void figuresHaveUnits()
    {
        RequestModel model;
        RequestInfo info = record("a", 0, "user_error");
        info.queueSeconds = 0.25;
        model.append({info}, false);
        QCOMPARE(cell(model, 0, RequestModel::Total), QStringLiteral("2.00 s"));
        QCOMPARE(cell(model, 0, RequestModel::Queue), QStringLiteral("250 ms"));
        QCOMPARE(cell(model, 0, RequestModel::Setup), QString());
        QCOMPARE(cell(model, 0, RequestModel::State), QStringLiteral("Refused"));
        QCOMPARE(model.index(0, RequestModel::State).data(RequestModel::MarkRole).value<Mark>(), Mark::Warning);
        model.putLive({live("x")});
        model.setNow(kStart + 75s);
        QCOMPARE(cell(model, 0, RequestModel::Total), QStringLiteral("1 min 15 s"));
        QCOMPARE(cell(model, 0, RequestModel::Status), QString());
    }

    void matchesAsTheHostDoes_data()
    {
        QTest::addColumn<QString>("field");
        QTest::addColumn<bool>("fits");
        QTest::newRow("nothing") << "" << true;
        QTest::newRow("app") << "app" << true;
        QTest::newRow("other app") << "other app" << false;
        QTest::newRow("outcome") << "other outcome" << false;
        QTest::newRow("class") << "class" << true;
        QTest::newRow("status") << "other status" << false;
        QTest::newRow("text of the error") << "text" << true;
        QTest::newRow("text that is nowhere") << "other text" << false;
        QTest::newRow("ended at the end") << "until" << false;
        QTest::newRow("ended before") << "since" << false;
        QTest::newRow("too quick") << "slower" << false;
        QTest::newRow("warm") << "cold" << false;
    }

    void matchesAsTheHostDoes()
    {
        QFETCH(QString, field);
        QFETCH(bool, fits);
        RequestInfo info = record("id-1", 0, "error");
        info.error = "Out of Memory";
        const std::map<QString, std::function<void(control::RequestQuery&)>> changes{
            {QStringLiteral("app"), [](auto& query) { query.app = "shapes"; }},
            {QStringLiteral("other app"), [](auto& query) { query.app = "faces"; }},
            {QStringLiteral("other outcome"), [](auto& query) { query.outcome = "success"; }},
            {QStringLiteral("class"), [](auto& query) { query.status = 5; }},
            {QStringLiteral("other status"), [](auto& query) { query.status = 504; }},
            {QStringLiteral("text"), [](auto& query) { query.text = "memory"; }},
            {QStringLiteral("other text"), [](auto& query) { query.text = "disk"; }},
            {QStringLiteral("until"), [&](auto& query) { query.until = info.finishedAt; }},
            {QStringLiteral("since"), [&](auto& query) { query.since = *info.finishedAt + 1ms; }},
            {QStringLiteral("slower"), [](auto& query) { query.minTotal = 2.0; }},
            {QStringLiteral("cold"), [](auto& query) { query.cold = true; }}};
        control::RequestQuery query;
        if (!field.isEmpty())
            changes.at(field)(query);
        QCOMPARE(matches(query, info), fits);
    }

    void phasesFollowOneAnother()
    {
        RequestInfo info = record("a");
        info.queueSeconds = 0.5;
        info.setupSeconds = 0.25;
        info.totalSeconds = 1;
        const RequestDocument document = documentOf(R"({"timings": {"text": 0.125, "steps": [0.25, 0.25], "decode": 0.125, "encode": 0.0625}})", info);
        QCOMPARE(document.phases.size(), 8);
        QCOMPARE(document.phases[3], (PhaseSpan{Phase::Denoise, 0.875, 0.25, 1, 2}));
        QCOMPARE(document.phases.back().phase, Phase::Rest);
        QCOMPARE(document.phases.back().start + document.phases.back().seconds, 2.0);
    }

    void aLiveOneGrows()
    {
        RequestInfo info = live("a", 0, "running");
        info.startedAt = info.submittedAt + 4s;
        const RequestDocument document = documentOf(R"({"progress": {"step": 3, "steps": 20}, "eta": 1.5})", info);
        QCOMPARE(document.phases.size(), 2);
        QCOMPARE(document.phases[0].seconds, 4.0);
        QCOMPARE(document.phases[1].seconds, 6.0);
        QCOMPARE(document.step, 3);
        QCOMPARE(*document.eta, 1.5);
    }

    void strangeAnswersAreShown_data()
    {
        QTest::addColumn<QByteArray>("json");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("cut") << QByteArray("{\"input\": {");
        QTest::newRow("a list") << QByteArray("[1, 2]");
        QTest::newRow("other types") << QByteArray(R"({"input": 7, "output": [null], "timings": "soon", "attempts": "x", "eta": null})");
        QTest::newRow("timings of other types") << QByteArray(R"({"timings": {"steps": {"a": 1}, "text": -1, "decode": 1e400}})");
        QTest::newRow("not UTF-8") << QByteArray("{\"input\": {\"prompt\": \"\xff\"}}");
        QTest::newRow("very deep") << QByteArray("{\"output\": ") + QByteArray(500, '[') + QByteArray(500, ']') + QByteArray("}");
    }

    void strangeAnswersAreShown()
    {
        QFETCH(QByteArray, json);
        const RequestDocument document = documentOf(json.toStdString());
        QCOMPARE(document.info.id, std::string("a"));
        QVERIFY(document.phases.size() <= 2);
        QVERIFY(document.pictureUrls.isEmpty());
    }

    void longTextsAreCut()
    {
        const std::string picture = "data:image/png;base64," + std::string(5'000'000, 'A');
        const RequestDocument document
            = documentOf(R"({"input": {"prompt": "star", "seed": 18446744073709551615}, "output": {"images": [{"url": ")" + picture + R"("}]}})");
        QVERIFY(document.outputText.size() < 1000);
        QVERIFY(document.outputText.contains(QStringLiteral("data:image/png;base64,… (5.00 MB)")));
        QCOMPARE(document.pictureUrls.size(), 1);
        QCOMPARE(document.pictureUrls.front().size(), qsizetype(picture.size()));
        QVERIFY(document.inputText.contains(QStringLiteral("18446744073709551615")));
        std::string list = "[";
        for (int index = 0; index < 50'000; ++index)
            list += "\"some text\",";
        QVERIFY(documentOf(R"({"output": )" + list + "0]}").outputText.size() < 100'000);
    }
};

QTEST_GUILESS_MAIN(TestRequestModel)
#include "tst_request_model.moc"
