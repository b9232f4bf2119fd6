// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/schema_fields.h"

#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using Kind = SchemaField::Kind;

namespace {

/// A document with one endpoint that takes `properties`.
QByteArray documentOf(const QByteArray& properties, const QByteArray& more = {}, const QByteArray& schemas = {})
{
    return R"({"paths":{"/":{"post":{"requestBody":{"content":{"application/json":{"schema":{"$ref":"#/components/schemas/Input"}}}}}}},
        "components":{"schemas":{"Input":{"type":"object","properties":)"
        + properties + more + "}" + schemas + "}}}";
}

QVector<SchemaField> fieldsOf(const QByteArray& properties, const QByteArray& more = {}, const QByteArray& schemas = {})
{
    const auto forms = readEndpointForms(documentOf(properties, more, schemas));
    return forms && forms->size() == 1 ? forms->front().fields : QVector<SchemaField>();
}

SchemaField fieldOf(const QByteArray& name, const QByteArray& schema, const QByteArray& schemas = {})
{
    const QVector<SchemaField> fields = fieldsOf("{\"" + name + "\":" + schema + "}", {}, schemas);
    return fields.size() == 1 ? fields.front() : SchemaField();
}

} // namespace

/// Which field an input of a schema becomes, and that no schema breaks the reader.
class TestSchemaFields : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void kind_data()
    {
        QTest::addColumn<QByteArray>("name");
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<Kind>("kind");
        const auto row = [](const char* tag, const char* name, const char* schema, Kind kind) {
            QTest::newRow(tag) << QByteArray(name) << QByteArray(schema) << kind;
        };
        row("text", "scheduler", R"({"type":"string"})", Kind::Text);
        row("prompt", "prompt", R"({"type":"string"})", Kind::Prompt);
        row("other prompt", "negative_prompt", R"({"type":"string"})", Kind::Prompt);
        row("no prompt", "prompts_file", R"({"type":"string"})", Kind::Text);
        row("choice", "format", R"({"type":"string","enum":["png","jpeg"]})", Kind::Choice);
        row("constant", "mode", R"({"const":"fast"})", Kind::Choice);
        row("flag", "sync_mode", R"({"type":"boolean"})", Kind::Flag);
        row("integer", "steps", R"({"type":"integer"})", Kind::Integer);
        row("number", "guidance", R"({"type":"number"})", Kind::Number);
        row("seed", "seed", R"({"type":"integer"})", Kind::Seed);
        row("noise_seed", "noise_seed", R"({"type":"integer"})", Kind::Seed);
        row("no seed", "seedling", R"({"type":"integer"})", Kind::Integer);
        row("picture by name", "image_url", R"({"type":"string"})", Kind::Picture);
        row("picture by ui", "source", R"({"type":"string","ui":{"field":"image"}})", Kind::Picture);
        row("size", "image_size", R"({"type":"object","properties":{"width":{"type":"integer"},"height":{"type":"integer"}}})", Kind::Size);
        row("nullable by anyOf", "seed", R"({"anyOf":[{"type":"integer"},{"type":"null"}]})", Kind::Seed);
        row("nullable by type", "steps", R"({"type":["integer","null"]})", Kind::Integer);
        row("two types", "value", R"({"type":["integer","string"]})", Kind::Json);
        row("integer or number", "value", R"({"oneOf":[{"type":"integer"},{"type":"number"}]})", Kind::Number);
        row("text or object", "value", R"({"anyOf":[{"type":"string"},{"type":"object"}]})", Kind::Json);
        row("two sets of choices", "value", R"({"anyOf":[{"enum":["a"]},{"enum":["b",3]}]})", Kind::Choice);
        row("array", "loras", R"({"type":"array","items":{"type":"string"}})", Kind::Json);
        row("object", "extra", R"({"type":"object"})", Kind::Json);
        row("nothing", "value", "{}", Kind::Json);
        row("no schema", "value", "true", Kind::Json);
        row("number for a schema", "value", "7", Kind::Json);
        row("unknown reference", "value", "{\"$ref\":\"#/components/schemas/Nowhere\"}", Kind::Json);
        row("reference elsewhere", "value", "{\"$ref\":\"https://example.org/a.json\"}", Kind::Json);
        row("reference that is no pointer", "value", "{\"$ref\":\"#/~7\"}", Kind::Json);
        row("reference that is a number", "value", R"({"$ref":5})", Kind::Json);
        row("empty enum", "value", R"({"enum":[]})", Kind::Json);
        row("enum of objects", "value", R"({"enum":[{},[]]})", Kind::Json);
        row("enum that is a text", "value", R"({"enum":"abc","type":"string"})", Kind::Text);
        row("anyOf that is an object", "value", R"({"anyOf":{"type":"string"},"type":"boolean"})", Kind::Flag);
        row("allOf", "value", R"({"allOf":[{"type":"integer"},{"minimum":3}]})", Kind::Integer);
        row("allOf that is a text", "value", R"({"allOf":"x","type":"boolean"})", Kind::Flag);
        row("ui that is a text", "value", R"({"type":"string","ui":"important"})", Kind::Text);
        row("properties that are a list", "value", R"({"type":"object","properties":[1]})", Kind::Json);
    }
    void kind()
    {
        QFETCH(QByteArray, name);
        QFETCH(QByteArray, schema);
        QFETCH(Kind, kind);
        QCOMPARE(fieldOf(name, schema).kind, kind);
    }

    void referenceIsFollowedAndWhatStandsBesideItWins()
    {
        const SchemaField field = fieldOf("size", R"({"$ref":"#/components/schemas/Side","default":9,"description":"Here"})",
            R"(,"Side":{"type":"integer","minimum":1,"maximum":64,"default":4,"description":"There"})");
        QCOMPARE(field.kind, Kind::Integer);
        QCOMPARE(field.high.value_or(0), 64.0);
        QCOMPARE(field.initial, QStringLiteral("9"));
        QCOMPARE(field.help, QStringLiteral("Here"));
    }

    void circlesEnd()
    {
        const QByteArray circle = R"(,"A":{"allOf":[{"$ref":"#/components/schemas/B"},{"$ref":"#/components/schemas/A"},
            {"$ref":"#/components/schemas/B"}]},"B":{"anyOf":[{"$ref":"#/components/schemas/A"},{"$ref":"#/components/schemas/B"}]})";
        QCOMPARE(fieldOf("a", "{\"$ref\":\"#/components/schemas/A\"}", circle).name, QStringLiteral("a"));
    }

    void sizeWithPresets()
    {
        const SchemaField field = fieldOf("image_size",
            R"({"anyOf":[{"$ref":"#/components/schemas/ImageSize"},{"type":"string","enum":["square","tall"]}],"default":{"width":128,"height":64}})",
            R"(,"ImageSize":{"type":"object","properties":{"width":{"type":"integer","minimum":64,"maximum":4096,"multipleOf":8},"height":{}}})");
        QCOMPARE(field.kind, Kind::Size);
        QCOMPARE(field.choices, (QStringList{QStringLiteral("\"square\""), QStringLiteral("\"tall\"")}));
        QCOMPARE(field.low.value_or(0), 64.0);
        QCOMPARE(field.step, 8.0);
        QVERIFY(field.isMain);
    }

    void initial_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<QString>("initial");
        QTest::addColumn<bool>("isDefault");
        QTest::newRow("default") << QByteArray(R"({"default":4,"examples":[5]})") << QStringLiteral("4") << true;
        QTest::newRow("default null") << QByteArray(R"({"default":null,"examples":[5]})") << QStringLiteral("5") << false;
        QTest::newRow("example") << QByteArray(R"({"example":"a"})") << QStringLiteral("\"a\"") << false;
        QTest::newRow("examples empty") << QByteArray(R"({"examples":[]})") << QString() << false;
        QTest::newRow("none") << QByteArray("{}") << QString() << false;
    }
    void initial()
    {
        QFETCH(QByteArray, schema);
        const SchemaField field = fieldOf("value", schema);
        QTEST(field.initial, "initial");
        QTEST(field.isDefault, "isDefault");
    }

    void bounds_data()
    {
        QTest::addColumn<QByteArray>("schema");
        QTest::addColumn<double>("low");
        QTest::addColumn<double>("high");
        QTest::newRow("exclusive whole") << QByteArray(R"({"type":"integer","exclusiveMinimum":0,"exclusiveMaximum":10})") << 1.0 << 9.0;
        QTest::newRow("exclusive as a flag") << QByteArray(R"({"type":"integer","minimum":2,"maximum":3,"exclusiveMinimum":true})") << 2.0 << 3.0;
        QTest::newRow("wrong way round") << QByteArray(R"({"type":"integer","minimum":9,"maximum":3})") << -1.0 << -1.0;
        QTest::newRow("texts") << QByteArray(R"({"type":"integer","minimum":"1","maximum":"3"})") << -1.0 << -1.0;
    }
    void bounds()
    {
        QFETCH(QByteArray, schema);
        const SchemaField field = fieldOf("value", schema);
        QTEST(field.low.value_or(-1), "low");
        QTEST(field.high.value_or(-1), "high");
    }

    void orderHiddenRequiredAndImportant()
    {
        const QVector<SchemaField> fields = fieldsOf(
            R"({"z":{"type":"string"},"prompt":{"type":"string"},"secret":{"type":"string","ui":{"hidden":true}},
                "b":{"type":"string","ui":{"important":true}}})",
            R"(,"required":["prompt",5],"x-fal-order-properties":["prompt","gone","b","secret"])");
        QStringList names;
        for (const SchemaField& field : fields)
            names += field.name;
        QCOMPARE(names, (QStringList{QStringLiteral("prompt"), QStringLiteral("b"), QStringLiteral("z")}));
        QVERIFY(fields[0].isRequired && fields[0].isMain);
        QVERIFY(fields[1].isMain && !fields[1].isRequired);
        QVERIFY(!fields[2].isMain);
    }

    void streamsAndSocketsAreLeftOut()
    {
        const QByteArray post = R"({"post":{"requestBody":{"content":{"application/json":{"schema":{"type":"object"}}}}}})";
        const QByteArray socket = R"({"x-fal-protocol":{},)" + post.mid(1);
        const auto forms = readEndpointForms(R"({"paths":{"/stream":)" + post + R"(,"/":)" + post + R"(,"/fast":)" + post + R"(,"/fast/stream":)"
            + post + R"(,"/socket":)" + socket + R"(,"/health":{"get":{}},"/requests/{id}":)" + post + "}}");
        QVERIFY(forms);
        QStringList paths;
        for (const EndpointForm& form : *forms)
            paths += form.path;
        QCOMPARE(paths, (QStringList{QStringLiteral("/"), QStringLiteral("/fast")}));
    }

    void refusesWhatIsNoDocument_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("not JSON") << QByteArray("<html>");
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("no paths") << QByteArray("{}");
        QTest::newRow("paths are a list") << QByteArray(R"({"paths":[]})");
    }
    void refusesWhatIsNoDocument()
    {
        QFETCH(QByteArray, text);
        const auto forms = readEndpointForms(text);
        QVERIFY(!forms);
        QCOMPARE(forms.error().code, ErrorCode::Corrupt);
    }

    void oddPathsAreNoEndpoints()
    {
        const auto forms = readEndpointForms(R"({"paths":{"/a":null,"/b":{"post":5},"/c":{"post":{"requestBody":[]}},"/d":"x"},"x-fal-order-paths":"no"})");
        QVERIFY(forms && forms->isEmpty());
    }

    void aGreatManyFieldsAreCut()
    {
        QByteArray properties = "{";
        for (int i = 0; i < 5000; ++i)
            properties += (i ? ",\"f" : "\"f") + QByteArray::number(i) + "\":{\"type\":\"integer\"}";
        QCOMPARE(fieldsOf(properties + "}").size(), 300);
    }
};

QTEST_GUILESS_MAIN(TestSchemaFields)
#include "tst_schema_fields.moc"
