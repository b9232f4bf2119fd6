// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/completion_script.h"
#include "deploy/cli/definition_override.h"
#include "deploy/cli/push.h"
#include "deploy/cli/text_format.h"

#include <QTest>

using namespace tintype;
using namespace tintype::cli;

/// Small texts in and out of the command line.
class TestText : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qputenv("TZ", "UTC"); }

    void readsTimes_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<qint64>("milliseconds"); // -1 = refused
        const qint64 now = 1'785'000'000'000;
        QTest::newRow("seconds") << QByteArray("90s") << now - 90'000;
        QTest::newRow("minutes") << QByteArray("15m") << now - 900'000;
        QTest::newRow("hours") << QByteArray("2h") << now - 7'200'000;
        QTest::newRow("days") << QByteArray("7d") << now - 604'800'000;
        QTest::newRow("ISO") << QByteArray("2026-08-01T12:00:00Z") << qint64(1'785'585'600'000);
        QTest::newRow("with an offset") << QByteArray("2026-08-01T14:00:00.500+02:00") << qint64(1'785'585'600'500);
        QTest::newRow("no unit") << QByteArray("15") << qint64(-1);
        QTest::newRow("only a unit") << QByteArray("m") << qint64(-1);
        QTest::newRow("negative") << QByteArray("-5m") << qint64(-1);
        QTest::newRow("other unit") << QByteArray("5y") << qint64(-1);
        QTest::newRow("huge") << QByteArray("99999999999999999999d") << qint64(-1);
        QTest::newRow("would overflow") << QByteArray("9223372036854775807d") << qint64(-1);
        QTest::newRow("word") << QByteArray("yesterday") << qint64(-1);
    }

    void readsTimes()
    {
        QFETCH(QByteArray, text);
        QFETCH(qint64, milliseconds);
        const auto time = parseTime("--since", text.toStdString(), fromMilliseconds(1'785'000'000'000));
        QCOMPARE(time && *time ? toMilliseconds(**time) : -1, milliseconds);
        if (!time)
            QVERIFY(time.error().message.starts_with("--since: " + text.toStdString()));
    }

    void leavesNoTimeOut() { QVERIFY(!parseTime("--since", "", wallClockNow()).value()); }

    void writesNumbers()
    {
        QCOMPARE(bytesText(12'300'000), std::string("12.3 MB"));
        QCOMPARE(bytesText(4'800'000'000), std::string("4.80 GB"));
        QCOMPARE(durationText(7), std::string("0:07"));
        QCOMPARE(durationText(3723), std::string("1:02:03"));
        QCOMPARE(durationText(-1), std::string("0:00"));
        QCOMPARE(timeText(TimePoint{}), std::string());
    }

    // ---- --machine-type

    void replacesTheMachineType_data()
    {
        QTest::addColumn<QByteArray>("yaml");
        QTest::addColumn<QByteArray>("expected");
        QTest::newRow("scalar") << QByteArray("name: a\nmachine_type: GPU\nsetup:\n  model: m\n") << QByteArray("name: a\nsetup:\n  model: m\nmachine_type: L\n");
        QTest::newRow("list") << QByteArray("machine_type: [GPU, M]\nname: a\n") << QByteArray("name: a\nmachine_type: L\n");
        QTest::newRow("list over lines") << QByteArray("machine_type:\n  - GPU\n- M\nname: a\n") << QByteArray("name: a\nmachine_type: L\n");
        QTest::newRow("flow over lines") << QByteArray("machine_type: [GPU,\n  M\n]\nname: a\n") << QByteArray("name: a\nmachine_type: L\n");
        QTest::newRow("none") << QByteArray("name: a") << QByteArray("name: a\nmachine_type: L\n");
        QTest::newRow("a deeper one stays") << QByteArray("x:\n  machine_type: GPU\n") << QByteArray("x:\n  machine_type: GPU\nmachine_type: L\n");
    }

    void replacesTheMachineType()
    {
        QFETCH(QByteArray, yaml);
        QFETCH(QByteArray, expected);
        QCOMPARE(QByteArray::fromStdString(withMachineType(yaml.toStdString(), "L")), expected);
    }

    // ---- what a push is told

    void readsAnnotations()
    {
        PushFlags flags;
        flags.annotations = {"commit=abc=1", "who="};
        const auto options = pushOptions(flags);
        QVERIFY(options);
        QCOMPARE(options->annotations.at("commit"), std::string("abc=1"));
        QCOMPARE(options->annotations.at("who"), std::string());
    }

    void refusesTooMuch()
    {
        const auto refuses = [](const PushFlags& flags) { return !pushOptions(flags).has_value(); };
        PushFlags flags;
        flags.annotations = {"noequals"};
        QVERIFY(refuses(flags));
        flags.annotations = {"=x"};
        QVERIFY(refuses(flags));
        flags.annotations = {std::string(65, 'k') + "=x"};
        QVERIFY(refuses(flags));
        flags.annotations = {"k=" + std::string(16 << 10, 'v')};
        QVERIFY(refuses(flags));
        flags.annotations.assign(33, "");
        for (std::size_t index = 0; index < flags.annotations.size(); ++index)
            flags.annotations[index] = "k" + std::to_string(index) + "=v";
        QVERIFY(refuses(flags));
        flags = {};
        flags.message = std::string(2049, 'm');
        QVERIFY(refuses(flags));
        flags.message.pop_back();
        QVERIFY(!refuses(flags));
    }

    // ---- completion

    void completes()
    {
        const std::vector<CommandWords> commands{{"", {{"apps", "Apps of a host"}}, {{"--help", "What's known"}}},
            {"apps", {{"list", "All"}}, {}}, {"apps list", {}, {{"--json", "As JSON"}, {"-n", "So many"}}}};
        const std::string bash = completionScript("bash", commands);
        QVERIFY(bash.find(R"([""]="apps --help")") != std::string::npos);
        QVERIFY(bash.find(R"([" apps list"]="--json -n")") != std::string::npos);
        QVERIFY(completionScript("zsh", commands).find("bashcompinit") != std::string::npos);
        const std::string fish = completionScript("fish", commands);
        QVERIFY(fish.find(R"(-l help -d 'What\'s known')") != std::string::npos);
        QVERIFY(fish.find("'__fish_seen_subcommand_from apps; and not __fish_seen_subcommand_from list' -a list") != std::string::npos);
        QVERIFY(fish.find("'__fish_seen_subcommand_from apps; and __fish_seen_subcommand_from list' -s n") != std::string::npos);
    }
};

QTEST_GUILESS_MAIN(TestText)
#include "tst_text.moc"
