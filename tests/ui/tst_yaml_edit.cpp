// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/yaml_edit.h"
#include "ui/models/yaml_tree.h"

#include <QTest>

using namespace tintype;
using namespace tintype::ui;

namespace {

QString edited(const QString& text, const std::string& field, const QString& value)
{
    const auto edit = editYamlField(text, field, value);
    if (!edit)
        return QStringLiteral("error: ") + QString::fromStdString(edit.error().message);
    QString outcome = text;
    outcome.replace(edit->start, edit->length, edit->with);
    return outcome;
}

} // namespace

/// One field changes; every other byte of the text stays.
class TestYamlEdit : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void edits_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        QTest::addColumn<QString>("expected");
        const auto row = [](const char* name, const char* text, const char* field, const char* value, const char* expected) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(field) << QString::fromUtf8(value) << QString::fromUtf8(expected);
        };
        row("plain", "name: a\nkeep_alive: 10\n", "keep_alive", "300", "name: a\nkeep_alive: 300\n");
        row("keeps a comment", "name: a   # mine\nkeep_alive: 10 # short\n", "keep_alive", "300", "name: a   # mine\nkeep_alive: 300 # short\n");
        row("keeps odd spaces", "keep_alive:    10\nname:  a\n", "keep_alive", "20", "keep_alive:    20\nname:  a\n");
        row("quoted, with a hash", "name: \"a # b\" # c\n", "name", "x", "name: x # c\n");
        row("single quotes", "name: 'it''s' # c\n", "name", "x", "name: x # c\n");
        row("no line end", "name: a", "name", "b", "name: b");
        row("CRLF", "name: a\r\nkeep_alive: 10\r\n", "keep_alive", "20", "name: a\r\nkeep_alive: 20\r\n");
        row("UTF-8 before it", "# größer\nendpoints: {/: {defaults: {prompt: \"ä\", seed: 1}}}\n", "endpoints./.defaults.seed", "2",
            "# größer\nendpoints: {/: {defaults: {prompt: \"ä\", seed: 2}}}\n");
        row("nested", "setup:\n  model: file:m\n  dtype: auto # which\n", "setup.dtype", "float32", "setup:\n  model: file:m\n  dtype: float32 # which\n");
        row("in a flow map", "setup: {model: file:m, dtype: auto}\n", "setup.dtype", "float32", "setup: {model: file:m, dtype: float32}\n");
        row("list by a flow list", "machine_type: [GPU, M]  # order\nname: a\n", "machine_type", "[L]", "machine_type: [L]  # order\nname: a\n");
        row("block list by a value", "machine_type:\n  - GPU\n  - M\nname: a\n", "machine_type", "XS", "machine_type: XS\nname: a\n");
        row("block list at the key's column", "machine_type:\n- GPU\n- M\nname: a\n", "machine_type", "XS", "machine_type: XS\nname: a\n");
        row("flow map over lines", "setup: {model: file:m,\n  dtype: auto}\nname: a\n", "setup", "{model: file:x}", "setup: {model: file:x}\nname: a\n");

        row("new at the top, in order", "name: a\nkeep_alive: 10\n", "machine_type", "L", "name: a\nmachine_type: L\nkeep_alive: 10\n");
        row("new, last", "name: a\n", "auth", "public", "name: a\nauth: public\n");
        row("new, no line end", "name: a", "auth", "public", "name: a\nauth: public\n");
        row("new in a block map", "setup:\n    model: file:m\nname: a\n", "setup.dtype", "float16", "setup:\n    model: file:m\n    dtype: float16\nname: a\n");
        row("new in a flow map", "setup: {model: file:m}\n", "setup.dtype", "float16", "setup: {model: file:m, dtype: float16}\n");
        row("new in an empty flow map", "setup: {}\n", "setup.dtype", "float16", "setup: {dtype: float16}\n");
        row("new parent", "name: a\n", "setup.dtype", "float16", "name: a\nsetup:\n  dtype: float16\n");
        row("empty parent", "setup:\nname: a\n", "setup.model", "file:m", "setup:\n  model: file:m\nname: a\n");
        row("new in CRLF", "name: a\r\n", "auth", "public", "name: a\r\nauth: public\r\n");

        row("item changed", "requirements:\n  - file:a  # one\n  - file:b\n", "requirements[0]", "file:c", "requirements:\n  - file:c  # one\n  - file:b\n");
        row("item removed", "requirements:\n  - file:a # one\n  - file:b\n", "requirements[0]", "", "requirements:\n  - file:b\n");
        row("item added", "requirements:\n  - file:a # one\nname: x\n", "requirements[1]", "file:b", "requirements:\n  - file:a # one\n  - file:b\nname: x\n");
        row("item added at the key's column", "requirements:\n- file:a\nname: x\n", "requirements[1]", "file:b", "requirements:\n- file:a\n- file:b\nname: x\n");
        row("item added to a flow list", "requirements: [file:a]\n", "requirements[1]", "file:b", "requirements: [file:a, file:b]\n");
        row("item added to an empty list", "requirements: []\n", "requirements[0]", "file:b", "requirements: [file:b]\n");
        row("item removed from a flow list", "requirements: [file:a, file:b]\n", "requirements[1]", "", "requirements: [file:a]\n");
        row("first item removed from a flow list", "requirements: [file:a, file:b]\n", "requirements[0]", "", "requirements: [file:b]\n");
        row("first item of a new list", "name: x\n", "requirements[0]", "file:a", "name: x\nrequirements:\n  - file:a\n");

        row("removed", "name: a\nkeep_alive: 10 # s\nauth: public\n", "keep_alive", "", "name: a\nauth: public\n");
        row("removed with its block", "setup:\n  model: file:m\n  dtype: auto\nname: a\n", "setup", "", "name: a\n");
        row("removed from a flow map", "setup: {model: file:m, dtype: auto}\n", "setup.dtype", "", "setup: {model: file:m}\n");
        row("removed first from a flow map", "setup: {dtype: auto, model: file:m}\n", "setup.dtype", "", "setup: {model: file:m}\n");
        row("removing what is not there", "name: a\n", "auth", "", "name: a\n");
        row("comment below stays", "setup:\n  model: file:m\n# about the name\nname: a\n", "setup", "", "# about the name\nname: a\n");

        row("comment of a list's key", "machine_type: # order\n  - GPU\n  - M\nname: a\n", "machine_type", "XS", "machine_type: XS # order\nname: a\n");
        row("one item of a list", "machine_type:\n  - GPU # first\n  - M # second\n", "machine_type", "[GPU, L]", "machine_type:\n  - GPU # first\n  - L # second\n");
        row("a list loses its first item", "machine_type:\n  - GPU # first\n  - M # second\n", "machine_type", "[M]", "machine_type:\n  - M # second\n");
        row("a list grows", "machine_type:\n  - GPU # first\nname: a\n", "machine_type", "[GPU, L]", "machine_type:\n  - GPU # first\n  - L\nname: a\n");
        row("one value of a map", "endpoints: {/: {defaults: {seed: 4,   guidance_scale: 0.50}}}\n", "endpoints./.defaults", "{seed: 8, guidance_scale: 0.50}",
            "endpoints: {/: {defaults: {seed: 8,   guidance_scale: 0.50}}}\n");
        row("JSON into a map in block style", "setup:\n  warmup:\n    prompt: a cat # soft\n    seed: 1\n", "setup.warmup", "{\"prompt\": \"a cat\", \"seed\": 2}",
            "setup:\n  warmup:\n    prompt: a cat # soft\n    seed: 2\n");
        row("a map with other keys", "setup: {warmup: {seed: 1}}\n", "setup.warmup", "{prompt: x}", "setup: {warmup: {prompt: x}}\n");
        row("null", "keep_alive: null # x\nname: a\n", "keep_alive", "5", "keep_alive: 5 # x\nname: a\n");
        row("tilde", "keep_alive: ~\n", "keep_alive", "5", "keep_alive: 5\n");
        row("no value", "keep_alive:\nname: a\n", "keep_alive", "5", "keep_alive: 5\nname: a\n");
        row("no value, a comment", "keep_alive: # soon\nname: a\n", "keep_alive", "5", "keep_alive: 5 # soon\nname: a\n");
        row("quoted key", "\"name\": a\n", "name", "b", "\"name\": b\n");
        row("tab behind the colon", "name:\ta\n", "name", "b", "name:\tb\n");
        row("value on the next line", "name:\n  a # x\nauth: public\n", "name", "b", "name:\n  b # x\nauth: public\n");
        row("plain text over lines", "name: a\n  b\nauth: public\n", "name", "c", "name: c\nauth: public\n");
        row("literal text", "setup:\n  variant: |\n    [ { \" '\n  dtype: auto\nname: a\n", "setup.dtype", "float16", "setup:\n  variant: |\n    [ { \" '\n  dtype: float16\nname: a\n");
        row("brackets and quotes in plain text", "setup:\n  variant: it's [odd {\n  dtype: auto\nname: a\n", "name", "b", "setup:\n  variant: it's [odd {\n  dtype: auto\nname: b\n");
        row("brackets and quotes in comments", "# it's [ { \"\nname: a # it's [\nauth: public\n", "auth", "shared", "# it's [ { \"\nname: a # it's [\nauth: shared\n");
        row("letters of four bytes", "name: \"😀\" # 😀\nauth: public # 😁\n", "name", "x", "name: x # 😀\nauth: public # 😁\n");
        row("two keys of one name", "name: a\nname: b\n", "name", "x", "name: x\nname: b\n");
        row("unknown fields stay", "nmae: b\nname: a\n", "name", "x", "nmae: b\nname: x\n");
        row("wrong kind", "keep_alive: [1, 2]\n", "keep_alive", "5", "keep_alive: 5\n");
        row("a map at the top between brackets", "{name: a, keep_alive: 10}\n", "auth", "public", "{name: a, keep_alive: 10, auth: public}\n");
        row("document markers", "---\nname: a\n...\n", "auth", "public", "---\nname: a\nauth: public\n...\n");
        row("comments only", "# one\n# two\n", "name", "a", "# one\n# two\nname: a\n");
        row("new, behind a comment of its parent", "setup:   # what\nname: a\n", "setup.dtype", "auto", "setup:   # what\n  dtype: auto\nname: a\n");
        row("new, with all above", "name: a\n", "endpoints./draw.defaults.seed", "1", "name: a\nendpoints:\n  /draw:\n    defaults:\n      seed: 1\n");
        row("new, with all above, between brackets", "endpoints: {}\n", "endpoints./draw.defaults.seed", "1", "endpoints: {/draw: {defaults: {seed: 1}}}\n");
        row("new, with all above, CRLF", "name: a\r\n", "setup.dtype", "auto", "name: a\r\nsetup:\r\n  dtype: auto\r\n");
        row("new, above is null", "setup: null # x\n", "setup.dtype", "auto", "setup: {dtype: auto} # x\n");
        row("new, commented brackets over lines", "setup: {model: file:m, # it's\n  dtype: auto # last\n  }\n", "setup.variant", "fp16",
            "setup: {model: file:m, # it's\n  dtype: auto, variant: fp16 # last\n  }\n");
        row("text that brackets would break", "setup: {model: file:m}\n", "setup.variant", "a, b", "setup: {model: file:m, variant: \"a, b\"}\n");
        row("an anchor stays", "setup: &s {model: file:m, dtype: auto}\n", "setup.dtype", "float16", "setup: &s {model: file:m, dtype: float16}\n");
        row("an alias gives way", "setup: {warmup: &w {prompt: a}}\nendpoints: {/: {defaults: *w}}\n", "endpoints./.defaults", "{prompt: b}",
            "setup: {warmup: &w {prompt: a}}\nendpoints: {/: {defaults: {prompt: b}}}\n");
        row("CRLF list by a value", "machine_type:\r\n  - GPU\r\n  - M\r\nname: a\r\n", "machine_type", "L", "machine_type: L\r\nname: a\r\n");
        row("CRLF item removed", "requirements:\r\n  - file:a\r\n  - file:b\r\n", "requirements[0]", "", "requirements:\r\n  - file:b\r\n");
        row("last of a block removed", "setup:\n  dtype: auto\nname: a\n", "setup.dtype", "", "setup:\nname: a\n");
        row("item removed over lines", "requirements: [\n  file:a, # one\n  file:b # two\n]\n", "requirements[0]", "", "requirements: [\n  # one\n  file:b # two\n]\n");
    }

    void edits()
    {
        QFETCH(QString, text);
        QFETCH(QString, field);
        QFETCH(QString, value);
        QFETCH(QString, expected);
        QCOMPARE(edited(text, field.toStdString(), value), expected);
    }

    void refuses_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("field");
        QTest::addColumn<QString>("value");
        const auto row = [](const char* name, const char* text, const char* field, const char* value) {
            QTest::newRow(name) << QString::fromUtf8(text) << QString::fromUtf8(field) << QString::fromUtf8(value);
        };
        row("open bracket", "name: [a\n", "keep_alive", "10");
        row("tab", "setup:\n\tmodel: x\n", "keep_alive", "10");
        row("list at the top", "- a\n- b\n", "keep_alive", "10");
        row("only text", "hello", "keep_alive", "10");
        row("a text above", "setup: hello\n", "setup.dtype", "auto");
        row("a list above", "setup: [a]\n", "setup.dtype", "auto");
        row("far beyond the end", "requirements: [file:a]\n", "requirements[5]", "file:b");
        row("an alias would change too", "setup: {warmup: &w {prompt: a}}\nendpoints: {/: {defaults: *w}}\n", "setup.warmup.prompt", "b");
        row("into an alias", "setup: {warmup: &w {prompt: a}}\nendpoints: {/: {defaults: *w}}\n", "endpoints./.defaults.seed", "1");
        row("an anchor that is used", "setup: {warmup: &w {prompt: a}}\nendpoints: {/: {defaults: *w}}\n", "setup", "");
        row("a value that is not closed", "name: a\n", "name", "[a");
        row("a value of two fields", "name: a\n", "name", "b\nauth: public");
        row("a value that is a comment", "name: a\n", "name", "# b");
        row("no field", "name: a\n", "", "b");
    }

    void refuses()
    {
        QFETCH(QString, text);
        QFETCH(QString, field);
        QFETCH(QString, value);
        const QString outcome = edited(text, field.toStdString(), value);
        QVERIFY2(outcome.startsWith(QStringLiteral("error: ")), qPrintable(outcome));
    }

    void readsFields()
    {
        const YamlFields fields(QStringLiteral("name: 'it''s' # x\nkeep_alive: 5m\nmachine_type: L\nrequirements:\n- file:a\n- ../b\n- [x]\nsetup:\n  warmup: {prompt:  a}\n  scheduler:\n    class: E\n"));
        QVERIFY(!fields.isBroken());
        QCOMPARE(fields.text("name"), QStringLiteral("it's"));
        QCOMPARE(fields.text("keep_alive"), QStringLiteral("5m"));
        QCOMPARE(fields.items("machine_type"), QStringList{QStringLiteral("L")});
        QCOMPARE(fields.items("requirements"), (QStringList{QStringLiteral("file:a"), QStringLiteral("../b"), QStringLiteral("[x]")}));
        QCOMPARE(fields.text("setup.warmup"), QStringLiteral("{prompt:  a}"));
        QCOMPARE(fields.text("setup.scheduler"), QStringLiteral("{class: E}"));
        QCOMPARE(fields.keys("setup"), (QStringList{QStringLiteral("warmup"), QStringLiteral("scheduler")}));
        QVERIFY(!fields.has("setup.model"));
        QCOMPARE(fields.text("setup.model"), QString());
        QVERIFY(YamlFields(QStringLiteral("name: [")).isBroken());
        QVERIFY(!YamlFields(QStringLiteral("# nothing yet\n")).isBroken());
    }

    void writesScalarsThatMeanTheSame_data()
    {
        QTest::addColumn<QString>("value");
        for (const char* const value : {"a", "300", "0x1f", "1e3", "true", "No", "null", "~", "a: b", "a #b", "- a", "[a", "it's", "\"q\"", "a\\b", "a\nb\tc", " a ", "", "größer", "file:a/b", "@x", "*a", "&a", "%a", "!a", "1.5", ".5", ".inf"})
            QTest::newRow(value) << QString::fromUtf8(value);
    }

    void writesScalarsThatMeanTheSame()
    {
        QFETCH(QString, value);
        for (const QString& text : {QString(QStringLiteral("x: ") + yamlScalar(value)), QString(QStringLiteral("{x: ") + yamlScalar(value) + QStringLiteral(", y: 1}"))})
            QCOMPARE(YamlFields(text).text("x"), value);
        QVERIFY(value != QStringLiteral("300") || yamlScalar(value) == QStringLiteral("\"300\""));
    }

    void emptyTextGetsItsFirstField() { QCOMPARE(edited({}, "name", QStringLiteral("a")), QStringLiteral("name: a\n")); }
};

QTEST_GUILESS_MAIN(TestYamlEdit)
#include "tst_yaml_edit.moc"
