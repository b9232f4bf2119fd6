// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/definition_yaml.h"
#include "std_string.h"

#include <QTest>

using namespace tintype::domain;

namespace {

std::string times(int count, const std::string& text)
{
    std::string result;
    for (int i = 0; i < count; ++i)
        result += text;
    return result;
}

} // namespace

class tst_definition_limits : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void stopsAtAHundredProblems();
    void boundsWhatItReads_data();
    void boundsWhatItReads();
    void anAliasRepeatsAValue();
};

void tst_definition_limits::stopsAtAHundredProblems()
{
    std::string yaml;
    for (int i = 0; i < 3000; ++i)
        yaml += "x" + std::to_string(i) + ": 1\n";
    QCOMPARE(parseDefinition(yaml).problems.size(), 100UL);
}

void tst_definition_limits::boundsWhatItReads_data()
{
    QTest::addColumn<QByteArray>("yaml");
    QTest::addColumn<QString>("problem");
    const auto row = [](const char* name, const std::string& yaml, const char* problem) {
        QTest::newRow(name) << QByteArray::fromStdString(yaml) << QString::fromUtf8(problem);
    };
    const char* const deep = "lists and maps are nested deeper than 20 levels";
    const char* const many = "the file has too many values";
    row("too long", std::string((1 << 20) + 1, 'a'), "the file has 1048577 bytes; 1048576 are the limit");
    row("lists", "a: " + std::string(500000, '['), deep);
    row("maps", times(100000, "{a: "), deep);
    row("blocks", times(100000, "- "), deep);
    row("keys", times(100000, "? "), deep);
    row(
        "indentation",
        [] {
            std::string yaml;
            for (int i = 0; i < 100; ++i)
                yaml += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
            return yaml;
        }(),
        deep);
    row("many values", "a: [" + times(100000, "1,") + "]\n", many);
    row(
        "many keys",
        [] {
            std::string yaml;
            for (int i = 0; i < 50000; ++i)
                yaml += std::to_string(i) + ": 1\n";
            return yaml;
        }(),
        many);
    row(
        "laughs",
        [] {
            std::string yaml = "a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol, lol]\n";
            for (int i = 1; i < 18; ++i) {
                const std::string before = "*a" + std::to_string(i - 1) + ",";
                yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [" + times(9, before) + "]\n";
            }
            return yaml;
        }(),
        many);
    row("a long text many times", "a: &a " + std::string(900000, 'x') + "\nb: [" + times(1000, "*a,") + "]\n", many);
    row(
        "aliases deep",
        [] {
            std::string yaml = "a0: &a0 [x]\n";
            for (int i = 1; i < 30; ++i)
                yaml += "a" + std::to_string(i) + ": &a" + std::to_string(i) + " [*a" + std::to_string(i - 1) + "]\n";
            return yaml;
        }(),
        deep);
    row("an alias within itself", "a: &a [*a]\n", "an alias stands within what it repeats");
}

void tst_definition_limits::boundsWhatItReads()
{
    QFETCH(QByteArray, yaml);
    QFETCH(QString, problem);
    const auto problems
        = parseDefinition(std::string_view(yaml.constData(), static_cast<std::size_t>(yaml.size()))).problems;
    QVERIFY(!problems.empty());
    QCOMPARE(QString::fromStdString(problems.back().message), problem);
}

void tst_definition_limits::anAliasRepeatsAValue()
{
    const std::string yaml = "name: a\nrequirements: [&model file:m]\nsetup: {model: *model, dtype: *none}\n";
    QVERIFY(parseDefinition(yaml).problems.front().message.starts_with("not valid YAML"));
    const auto parsed = parseDefinition("name: a\nrequirements: [&model file:m]\nsetup: {model: *model}\n");
    QVERIFY(parsed.problems.empty());
    QCOMPARE(parsed.definition.setup.model, std::string("file:m"));
}

QTEST_GUILESS_MAIN(tst_definition_limits)
#include "tst_definition_limits.moc"
