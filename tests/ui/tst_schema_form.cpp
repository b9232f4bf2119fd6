// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/json_text.h"
#include "ui/theme/theme.h"
#include "ui/views/playground/schema_form.h"
#include "ui/views/playground/text_editors.h"
#include "ui/views/playground/value_editors.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QSettings>
#include <QSignalSpy>
#include <QSlider>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

using namespace tintype::ui;
using Kind = SchemaField::Kind;

namespace {

SchemaField fieldOf(const char* name, Kind kind, const char* initial = "", bool isMain = true)
{
    SchemaField field;
    field.name = field.title = QLatin1String(name);
    field.kind = kind;
    field.initial = QLatin1String(initial);
    field.isDefault = !field.initial.isEmpty();
    field.isMain = isMain;
    return field;
}

QVector<SchemaField> someFields()
{
    QVector<SchemaField> fields{fieldOf("prompt", Kind::Prompt), fieldOf("steps", Kind::Integer, "4"), fieldOf("seed", Kind::Seed),
        fieldOf("image_size", Kind::Size, R"({"height":128,"width":128})"), fieldOf("format", Kind::Choice, "\"png\"", false),
        fieldOf("rescale", Kind::Number, "", false), fieldOf("sync", Kind::Flag, "false", false), fieldOf("extra", Kind::Json, "", false)};
    fields[0].isRequired = true;
    fields[0].longest = 20;
    fields[1].low = 1;
    fields[1].high = 1000;
    fields[3].choices = {QStringLiteral("\"square_hd\""), QStringLiteral("\"odd_one\"")};
    fields[3].low = 64;
    fields[3].high = 4096;
    fields[3].step = 8;
    fields[4].choices = {QStringLiteral("\"png\""), QStringLiteral("\"webp\"")};
    fields[5].low = 0;
    fields[5].high = 1;
    return fields;
}

} // namespace

/// The form's values and the call's JSON are the same thing, both ways.
class TestSchemaForm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_settings = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("studio.ini")), QSettings::IniFormat);
        m_theme = std::make_unique<Theme>(*qApp, *m_settings);
    }
    void init()
    {
        m_form = std::make_unique<SchemaForm>(*m_theme);
        m_form->setFields(someFields());
    }

    void firstValues()
    {
        QCOMPARE(value("steps"), QStringLiteral("4"));
        QVERIFY(isSameJson(value("image_size"), QStringLiteral(R"({"width":128,"height":128})")));
        QVERIFY(!value("seed").isEmpty()); // drawn already: what is sent can be told
        QVERIFY(!input().contains(QLatin1String("format")));  // More, and the default
        QVERIFY(!input().contains(QLatin1String("rescale"))); // the model's own
        QVERIFY(!input().contains(QLatin1String("extra")));
    }

    void inputFills()
    {
        m_form->setInput(QStringLiteral(R"({"prompt":"a star","steps":8,"seed":18446744073709551615,"image_size":"square_hd",
            "format":"webp","rescale":0.125,"sync":true,"extra":[1,2],"unknown":5})"));
        QCOMPARE(value("prompt"), QStringLiteral("\"a star\""));
        QCOMPARE(value("steps"), QStringLiteral("8"));
        QCOMPARE(value("seed"), QStringLiteral("18446744073709551615"));
        QCOMPARE(m_form->seed()->mode(), SeedMode::Lock);
        QCOMPARE(value("image_size"), QStringLiteral("\"square_hd\""));
        QCOMPARE(value("format"), QStringLiteral("\"webp\""));
        QCOMPARE(value("rescale"), QStringLiteral("0.125"));
        QCOMPARE(value("sync"), QStringLiteral("true"));
        QCOMPARE(value("extra"), QStringLiteral("[1,2]"));
        m_form->setInput(QStringLiteral("{}"));
        QCOMPARE(value("steps"), QStringLiteral("4"));
        QCOMPARE(m_form->seed()->mode(), SeedMode::Random);
        QVERIFY(!input().contains(QLatin1String("webp")));
    }

    void stateRestoresEverything()
    {
        m_form->setInput(QStringLiteral(R"({"prompt":"{a|b}","rescale":0.5,"seed":7})"));
        m_form->seed()->setMode(SeedMode::Increment);
        const QString state = m_form->state();
        const QString before = input();
        m_form->reset();
        QVERIFY(input() != before);
        m_form->setState(state);
        QCOMPARE(input(), before);
        QCOMPARE(m_form->seed()->mode(), SeedMode::Increment);
    }

    void oddStatesBreakNothing_data()
    {
        QTest::addColumn<QString>("state");
        for (const char* state : {"", "nonsense", "[]", R"({"fields":5})", R"({"fields":{}})", R"({"fields":{"steps":"many","seed":-4,"image_size":[1],
                 "format":7,"prompt":{},"rescale":"x"},"seed_mode":9})", R"({"steps":1e300,"image_size":{"width":1e300,"height":-1},"seed":1e300})",
                 R"({"image_size":{"width":"8"}})"})
            QTest::newRow(state) << QString::fromLatin1(state);
    }
    void oddStatesBreakNothing()
    {
        QFETCH(QString, state);
        m_form->setState(state);
        QVERIFY(isJson(input()));
        const double steps = numberOfJson(value("steps")).value_or(0);
        QVERIFY(steps >= 1 && steps <= 1000);
    }

    void problemsAreTold()
    {
        QVERIFY(m_form->problem().contains(QLatin1String("empty")));
        m_form->setInput(QStringLiteral(R"({"prompt":"this prompt is longer than twenty"})"));
        QVERIFY(m_form->problem().contains(QLatin1String("takes 20")));
        m_form->setInput(QStringLiteral(R"({"prompt":"short"})"));
        QCOMPARE(m_form->problem(), QString());
        auto* const extra = m_form->findChild<LineEditor*>();
        QVERIFY(extra);
        extra->findChild<QLineEdit*>()->setText(QStringLiteral("{broken"));
        QVERIFY(m_form->problem().contains(QLatin1String("JSON")));
        m_form->focusProblem();
        QVERIFY(m_form->isMoreShown());
    }

    void seedModes()
    {
        SeedEditor& seed = *m_form->seed();
        seed.setJson(QStringLiteral("41"));
        seed.advance();
        QCOMPARE(seed.json(), QStringLiteral("41"));
        seed.setMode(SeedMode::Increment);
        seed.advance();
        QCOMPARE(seed.json(), QStringLiteral("42"));
        seed.setMode(SeedMode::Random);
        bool isOther = false;
        for (int i = 0; i < 5 && !isOther; ++i) {
            seed.advance();
            isOther = seed.json() != QLatin1String("42");
        }
        QVERIFY(isOther);
        seed.setJson(QStringLiteral("18446744073709551615"));
        seed.setMode(SeedMode::Increment);
        seed.advance();
        QCOMPARE(seed.json(), QStringLiteral("0")); // round the end
    }

    void typingASeedLocksIt()
    {
        auto* const spin = m_form->findChild<SeedSpin*>();
        auto* const line = spin->findChild<QLineEdit*>();
        line->selectAll();
        QTest::keyClicks(line, QStringLiteral("12ab3"));
        QCOMPARE(m_form->seed()->json(), QStringLiteral("123"));
        QCOMPARE(m_form->seed()->mode(), SeedMode::Lock);
        QTest::keyClick(spin, Qt::Key_Up);
        QCOMPARE(m_form->seed()->json(), QStringLiteral("124"));
    }

    void seedsEndAtTheBound()
    {
        SchemaField field = fieldOf("seed", Kind::Seed);
        field.high = 10;
        SeedEditor seed(field, *m_theme, nullptr);
        for (int i = 0; i < 50; ++i) {
            seed.advance();
            QVERIFY(wholeOfJson(seed.json()).value_or(11) <= 10);
        }
        seed.setJson(QStringLiteral("500"));
        QCOMPARE(seed.json(), QStringLiteral("10"));
    }

    void sliderAndNumberAgree()
    {
        auto* const editor = m_form->findChild<NumberEditor*>();
        auto* const slider = editor->findChild<QSlider*>();
        auto* const spin = editor->findChild<QDoubleSpinBox*>();
        QVERIFY(slider->maximum() < 100); // the usual ones, not a thousand
        slider->setValue(9);
        QCOMPARE(spin->value(), 10.0);
        spin->setValue(900);
        QCOMPARE(slider->value(), slider->maximum());
        QCOMPARE(value("steps"), QStringLiteral("900")); // the slider does not cut it
    }

    void sizesAndPresets()
    {
        m_form->setInput(QStringLiteral(R"({"image_size":"odd_one"})"));
        QCOMPARE(value("image_size"), QStringLiteral("\"odd_one\""));
        m_form->setInput(QStringLiteral(R"({"image_size":{"width":9000,"height":1}})"));
        QVERIFY(isSameJson(value("image_size"), QStringLiteral(R"({"width":4096,"height":64})")));
    }

    void otherFieldsKeepSharedValues()
    {
        m_form->setInput(QStringLiteral(R"({"prompt":"kept","steps":9,"format":"webp"})"));
        QVector<SchemaField> fields = someFields();
        fields.removeAt(4);
        fields.append(fieldOf("new_one", Kind::Integer, "3"));
        m_form->setFields(fields);
        QCOMPARE(value("prompt"), QStringLiteral("\"kept\""));
        QCOMPARE(value("steps"), QStringLiteral("9"));
        QCOMPARE(value("new_one"), QStringLiteral("3"));
        QVERIFY(!input().contains(QLatin1String("format")));
    }

    void changesAreTold()
    {
        QSignalSpy changed(m_form.get(), &SchemaForm::changed);
        QTest::keyClicks(m_form->findChild<QPlainTextEdit*>(), QStringLiteral("ab"));
        QCOMPARE(changed.count(), 2);
    }

    void picturesThatCannotBeReadSaySo()
    {
        PictureEditor editor(fieldOf("image_url", Kind::Picture), *m_theme, nullptr);
        editor.setJson(QStringLiteral("\"http://h/a.png\""));
        QCOMPARE(editor.json(), QStringLiteral("\"http://h/a.png\""));
        editor.setJson(QStringLiteral("\"data:image/png;base64,QUI=\""));
        QCOMPARE(editor.json(), QStringLiteral("\"data:image/png;base64,QUI=\""));
        editor.setJson({});
        QCOMPARE(editor.json(), QString());
    }

private:
    QString input() const { return m_form->input(); }
    QString value(const char* name) const { return jsonMember(jsonMembers(input()), QLatin1String(name)); }

    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
    std::unique_ptr<SchemaForm> m_form;
};

QTEST_MAIN(TestSchemaForm)
#include "tst_schema_form.moc"
