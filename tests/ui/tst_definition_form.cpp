// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/app_document.h"
#include "ui/views/apps/definition_form.h"
#include "ui/views/apps/form_row.h"

#include <QComboBox>
#include <QDir>
#include <QFile>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>
#include <QToolButton>

using namespace tintype;
using namespace tintype::ui;

namespace {

constexpr auto kText = "# mine\n"
                       "setup: {model: file:model} # first, as I like it\n"
                       "name: shapes\n"
                       "keep_alive: 300 # five minutes\n"
                       "requirements:\n"
                       "  - file:model # local\n";

} // namespace

/// The form of a definition shows its text and changes nothing of it but the field that was entered.
class TestDefinitionForm : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_studio = std::make_unique<test::StudioFixture>();
        m_form = std::make_unique<DefinitionForm>(m_studio->studio);
        open(kText);
    }
    void cleanup()
    {
        m_form.reset();
        m_document.reset();
        m_studio.reset();
    }

    void showsTheText()
    {
        QCOMPARE(editor<QLineEdit>("name")->text(), QStringLiteral("shapes"));
        QCOMPARE(editor<QSpinBox>("keep_alive")->value(), 300);
        QCOMPARE(editor<QComboBox>("setup.model")->currentText(), QStringLiteral("file:model"));
        QVERIFY(!m_document->isModified()); // to show is not to enter
        m_document->replace(static_cast<int>(m_document->text().indexOf(QStringLiteral("300"))), 3, QStringLiteral("45"), QStringLiteral("Type"));
        QCOMPARE(editor<QSpinBox>("keep_alive")->value(), 45);
    }

    void changesItsFieldOnly()
    {
        editor<QSpinBox>("keep_alive")->setValue(60);
        QCOMPARE(m_document->text(), QString::fromLatin1(kText).replace(QLatin1String("300"), QLatin1String("60")));
        enter(*editor<QLineEdit>("name"), QStringLiteral("circles"));
        QCOMPARE(m_document->text(), QString::fromLatin1(kText).replace(QLatin1String("300"), QLatin1String("60")).replace(QLatin1String("shapes"), QLatin1String("circles")));
        m_document->undoStack().undo();
        m_document->undoStack().undo();
        QCOMPARE(m_document->text(), QString::fromLatin1(kText));
        QCOMPARE(editor<QSpinBox>("keep_alive")->value(), 300);
        QCOMPARE(editor<QLineEdit>("name")->text(), QStringLiteral("shapes"));
    }

    void undoGoesAcrossFormAndText()
    {
        editor<QSpinBox>("keep_alive")->setValue(60);
        m_document->replace(0, 6, QStringLiteral("# yours"), QStringLiteral("Type"));
        editor<QSpinBox>("max_concurrency")->setValue(4);
        QVERIFY(m_document->text().contains(QLatin1String("max_concurrency: 4")));
        for (int i = 0; i < 3; ++i)
            m_document->undoStack().undo();
        QCOMPARE(m_document->text(), QString::fromLatin1(kText));
        QVERIFY(!m_document->isModified());
        for (int i = 0; i < 3; ++i)
            m_document->undoStack().redo();
        QCOMPARE(editor<QSpinBox>("max_concurrency")->value(), 4);
        QVERIFY(m_document->text().startsWith(QLatin1String("# yours\n")));
    }

    void tellsWhereAValueComesFrom()
    {
        QVERIFY(rowShows("keep_alive", QStringLiteral("from the file")));
        QVERIFY(rowShows("request_timeout", QStringLiteral("default")));
        QVERIFY(!reset("request_timeout")->isVisibleTo(m_form.get())); // there is nothing to take out
        reset("keep_alive")->click();
        QVERIFY(!m_document->text().contains(QLatin1String("keep_alive")));
        QVERIFY(rowShows("keep_alive", QStringLiteral("default")));
        QVERIFY(editor<QSpinBox>("keep_alive")->value() > 0);
    }

    void tellsWhatTheLiveAppKeeps()
    {
        control::AppInfo app;
        app.name = "shapes";
        app.scaling.maxConcurrency = 7;
        m_studio->control().appList = {app};
        m_studio->target().refresh();
        QTRY_COMPARE(editor<QSpinBox>("max_concurrency")->value(), 7);
        QVERIFY(rowShows("max_concurrency", QStringLiteral("kept from the live app")));
    }

    void aProblemStandsAtItsField()
    {
        open("name: shapes\nkeep_alive: soon\nrequirements: [file:model]\nsetup: {model: file:model}\n");
        QVERIFY(!m_document->parsed().problems.empty());
        QVERIFY(rowShows("keep_alive", QString::fromStdString(m_document->parsed().problems.front().message)));
        QCOMPARE(editor<QSpinBox>("keep_alive")->property("state").toString(), QStringLiteral("error"));
        editor<QSpinBox>("keep_alive")->setValue(20);
        QVERIFY(m_document->parsed().problems.empty());
        QCOMPARE(editor<QSpinBox>("keep_alive")->property("state").toString(), QString());
    }

    void brokenTextLeavesTheFormAsItWas()
    {
        m_document->replace(0, 0, QStringLiteral("name: [\n"), QStringLiteral("Type"));
        QVERIFY(shows(QStringLiteral("cannot be read as YAML")));
        QCOMPARE(editor<QLineEdit>("name")->text(), QStringLiteral("shapes"));
        QVERIFY(!editor<QLineEdit>("name")->isEnabled());
        m_document->undoStack().undo();
        QVERIFY(!shows(QStringLiteral("cannot be read as YAML")));
        QVERIFY(editor<QLineEdit>("name")->isEnabled());
    }

    void machineTypesAreThoseOfTheHosts()
    {
        QVERIFY(m_form->findChild<QComboBox*>());
        m_studio->control().hostInfo.machines = {{.type = {.name = "GPU-H100", .isGpu = true, .memoryBytes = 80'000'000'000, .devices = {"cuda:0"}}, .freeDevices = 1},
            {.type = {.name = "M", .memoryBytes = 16'000'000'000, .cpus = 4, .devices = {"cpu"}}, .freeDevices = 1}};
        m_studio->target().refresh();
        auto* const box = editor<QComboBox>("machine_type");
        QTRY_COMPARE(box->count(), 2);
        QCOMPARE(box->itemText(0), QStringLiteral("GPU-H100"));
        QVERIFY(shows(QStringLiteral("80.0 GB")));
        enter(*box->lineEdit(), QStringLiteral("GPU-H100"));
        QVERIFY(m_document->text().contains(QLatin1String("machine_type: GPU-H100\n"))); // one needs no list
        enter(*box->lineEdit(), QStringLiteral("GPU-H100, M"));
        QVERIFY(m_document->text().contains(QLatin1String("machine_type: [GPU-H100, M]\n")));
    }

    void requirementsComeAndGo()
    {
        m_form->findChild<QPushButton*>(QStringLiteral("add-hub"))->click();
        QCOMPARE(m_document->text(), QString::fromLatin1(kText) + QStringLiteral("  - hf:organisation/repository\n"));
        enter(*named<QLineEdit>("Requirement 2"), QStringLiteral("hf:org/repo"));
        QVERIFY(m_document->text().endsWith(QLatin1String("  - file:model # local\n  - hf:org/repo\n")));
        named<QToolButton>("Remove requirement 1")->click();
        QVERIFY(!m_document->text().contains(QLatin1String("- file:model")));
        QVERIFY(m_document->text().contains(QLatin1String("hf:org/repo")));
        QCOMPARE(named<QLineEdit>("Requirement 1")->text(), QStringLiteral("hf:org/repo"));
        m_document->undoStack().undo();
        QVERIFY(m_document->text().contains(QLatin1String("  - file:model # local\n")));
    }

    void aRequirementTellsItsState()
    {
        QVERIFY(shows(QStringLiteral("no such folder")));
        QDir(m_document->folder()).mkdir(QStringLiteral("model"));
        m_document->replace(0, 1, QStringLiteral("##"), QStringLiteral("Type"));
        QVERIFY(shows(QStringLiteral("folder is there")));
    }

    void withoutADocumentThereIsNothingToEnter()
    {
        m_form->setDocument(nullptr);
        QVERIFY(!m_form->isEnabled());
        m_document.reset();
        m_form->setDocument(nullptr);
    }

private:
    void open(const char* text)
    {
        const QString path = m_studio->folder.filePath(QStringLiteral("app.yaml"));
        QFile file(path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        m_form->setDocument(nullptr);
        auto document = AppDocument::open(path, m_studio->folder.filePath(QStringLiteral("recovery")));
        QVERIFY(document);
        m_document = std::move(*document);
        m_form->setDocument(m_document.get());
    }
    FormRow* row(const char* field) const
    {
        for (auto* const row : m_form->findChildren<FormRow*>()) {
            if (row->field() == field)
                return row;
        }
        return nullptr;
    }
    template <class T>
    T* editor(const char* field) const
    {
        return row(field)->findChild<T*>();
    }
    QToolButton* reset(const char* field) const
    {
        for (auto* const button : row(field)->findChildren<QToolButton*>()) {
            if (button->toolTip() == QLatin1String("Take it out of the file"))
                return button;
        }
        return nullptr;
    }
    bool rowShows(const char* field, const QString& text) const { return showsIn(*row(field), text); }
    bool shows(const QString& text) const { return showsIn(*m_form, text); }
    bool showsIn(const QWidget& parent, const QString& text) const
    {
        for (const auto* const label : parent.findChildren<QLabel*>()) {
            if (label->isVisibleTo(m_form.get()) && label->text().contains(text))
                return true;
        }
        return false;
    }
    template <class T>
    T* named(const char* name) const
    {
        for (auto* const widget : m_form->findChildren<T*>()) {
            if (widget->accessibleName() == QLatin1String(name))
                return widget;
        }
        return nullptr;
    }
    static void enter(QLineEdit& line, const QString& text)
    {
        line.selectAll();
        QTest::keyClicks(&line, text);
        QTest::keyClick(&line, Qt::Key_Return);
    }

    std::unique_ptr<test::StudioFixture> m_studio;
    std::unique_ptr<AppDocument> m_document;
    std::unique_ptr<DefinitionForm> m_form;
};

QTEST_MAIN(TestDefinitionForm)
#include "tst_definition_form.moc"
