// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/app_document.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <sys/stat.h>

using namespace tintype;
using namespace tintype::ui;

/// The text of a definition, its file, and what is kept of it when nobody saves.
class TestAppDocument : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_path;

    QString recoveryFolder() const { return m_folder.filePath(QStringLiteral("recovery")); }
    void write(const QByteArray& bytes) const
    {
        QFile file(m_path);
        QVERIFY(file.open(QIODevice::WriteOnly));
        QCOMPARE(file.write(bytes), bytes.size());
    }
    QByteArray onDisk() const
    {
        QFile file(m_path);
        return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray("no file");
    }
    Result<std::unique_ptr<AppDocument>> open() const { return AppDocument::open(m_path, recoveryFolder()); }
    std::unique_ptr<AppDocument> opened(const QByteArray& bytes) const
    {
        write(bytes);
        auto document = open();
        return document ? std::move(*document) : nullptr;
    }

private Q_SLOTS:
    void init()
    {
        QDir(recoveryFolder()).removeRecursively();
        m_path = m_folder.filePath(QStringLiteral("%1.yaml").arg(QString::fromLatin1(QTest::currentTestFunction())));
        QFile::remove(m_path);
    }

    void opensWhatIsNoDefinitionYet_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::addColumn<bool>("isValid");
        QTest::newRow("empty") << QByteArray() << false;
        QTest::newRow("broken YAML") << QByteArray("name: [a\n") << false;
        QTest::newRow("a tab") << QByteArray("setup:\n\tmodel: x\n") << false;
        QTest::newRow("a list") << QByteArray("- a\n") << false;
        QTest::newRow("CRLF") << QByteArray("name: a\r\nsetup:\r\n  model: file:m\r\nrequirements: [file:m]\r\n") << true;
        QTest::newRow("byte order mark") << QByteArray("\xef\xbb\xbfname: a\nrequirements: [file:m]\nsetup: {model: file:m}\n") << true;
    }

    void opensWhatIsNoDefinitionYet()
    {
        QFETCH(QByteArray, bytes);
        QFETCH(bool, isValid);
        const auto document = opened(bytes);
        QVERIFY(document);
        QVERIFY(!document->isModified());
        QCOMPARE(document->parsed().problems.empty(), isValid);
        document->replace(0, 0, QStringLiteral("x"), QStringLiteral("type"));
        document->undoStack().undo();
        QVERIFY(document->save());
        QCOMPARE(onDisk(), bytes); // to the byte
    }

    void refusesWhatIsNoText_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("not UTF-8") << QByteArray("name: gr\xfc\xdf\n");
        QTest::newRow("cut off letter") << QByteArray("name: a\xc3");
        QTest::newRow("NUL") << QByteArray("name: a\0b\n", 10);
        QTest::newRow("UTF-16") << QByteArray("\xff\xfen\0a\0", 6);
        QTest::newRow("too large") << QByteArray((1 << 20) + 1, 'x');
    }

    void refusesWhatIsNoText()
    {
        QFETCH(QByteArray, bytes);
        write(bytes);
        const auto document = open();
        QVERIFY(!document);
        QCOMPARE(document.error().code, ErrorCode::InvalidArgument);
    }

    void refusesWhatIsNoFile()
    {
        QCOMPARE(open().error().code, ErrorCode::NotFound);
        QDir().mkpath(m_path);
        QCOMPARE(open().error().code, ErrorCode::InvalidArgument);
        QDir().rmdir(m_path);
        QCOMPARE(mkfifo(qPrintable(m_path), 0600), 0);
        QCOMPARE(open().error().code, ErrorCode::InvalidArgument); // and does not wait for a writer
    }

    void undoesAcrossBothViews()
    {
        const auto document = opened("name: a # mine\nkeep_alive: 10\n");
        const QString before = document->text();
        QVERIFY(document->setField("keep_alive", "20"));
        document->replace(6, 1, QStringLiteral("b"), QStringLiteral("Type"));
        QVERIFY(document->setField("setup.dtype", "float32"));
        QCOMPARE(document->text(), QStringLiteral("name: b # mine\nkeep_alive: 20\nsetup:\n  dtype: float32\n"));
        const QString after = document->text();
        for (int i = 0; i < 3; ++i)
            document->undoStack().undo();
        QCOMPARE(document->text(), before);
        QVERIFY(!document->isModified());
        for (int i = 0; i < 3; ++i)
            document->undoStack().redo();
        QCOMPARE(document->text(), after);
    }

    void mergesTypingIntoWords()
    {
        const auto document = opened("");
        const QString typed = QStringLiteral("name: abc");
        for (int i = 0; i < typed.size(); ++i)
            document->replace(i, 0, typed.mid(i, 1), QStringLiteral("Type"));
        QCOMPARE(document->text(), typed);
        document->undoStack().undo();
        QCOMPARE(document->text(), QStringLiteral("name: "));
        document->undoStack().undo();
        document->undoStack().undo();
        document->undoStack().undo();
        QCOMPARE(document->text(), QString());
    }

    void mergesDeletingIntoWords()
    {
        const auto document = opened("name: abc");
        for (int end = 8; end >= 6; --end)
            document->replace(end, 1, {}, QStringLiteral("Type"));
        QCOMPARE(document->text(), QStringLiteral("name: "));
        document->undoStack().undo();
        QCOMPARE(document->text(), QStringLiteral("name: abc"));
    }

    void doesNotMergeAcrossASave()
    {
        const auto document = opened("");
        document->replace(0, 0, QStringLiteral("a"), QStringLiteral("Type"));
        QVERIFY(document->save());
        document->replace(1, 0, QStringLiteral("b"), QStringLiteral("Type"));
        QVERIFY(document->isModified());
        document->undoStack().undo();
        QCOMPARE(document->text(), QStringLiteral("a"));
        QVERIFY(!document->isModified());
    }

    void keepsAReplacementWithinTheText()
    {
        const auto document = opened("name: a\n");
        document->replace(-5, 3, QStringLiteral("# "), QStringLiteral("x"));
        document->replace(1000, 1000, QStringLiteral("# end"), QStringLiteral("x"));
        QCOMPARE(document->text(), QStringLiteral("# e: a\n# end"));
    }

    void leavesABrokenTextAlone()
    {
        const auto document = opened("name: [a\nkeep_alive: 10\n");
        QSignalSpy changes(document.get(), &AppDocument::textChanged);
        const Result<> set = document->setField("keep_alive", "20");
        QVERIFY(!set);
        QCOMPARE(set.error().code, ErrorCode::InvalidArgument);
        QCOMPARE(changes.count(), 0);
        QCOMPARE(document->text(), QStringLiteral("name: [a\nkeep_alive: 10\n"));
        QVERIFY(!document->isModified());
    }

    void settingTheSameChangesNothing()
    {
        const auto document = opened("name: 'a'\nmachine_type: [GPU,   M]\n");
        QVERIFY(document->setField("name", "a"));
        QVERIFY(document->setField("machine_type", "[GPU, M]"));
        QVERIFY(!document->isModified());
        QVERIFY(!document->undoStack().canUndo());
    }

    void recoversAfterACrash()
    {
        auto document = opened("name: a\n");
        QVERIFY(!document->hasRecovered());
        QVERIFY(document->setField("keep_alive", "20"));
        QTRY_COMPARE(QDir(recoveryFolder()).entryList(QDir::Files).size(), 1); // what a crash would leave
        const QString file = QDir(recoveryFolder()).filePath(QDir(recoveryFolder()).entryList(QDir::Files).first());
        const QString kept = file + QStringLiteral(".kept");
        QVERIFY(QFile::copy(file, kept));
        document.reset();
        QFile::remove(file);
        QVERIFY(QFile::rename(kept, file));

        auto again = open();
        QVERIFY(again);
        QVERIFY((*again)->hasRecovered());
        QVERIFY((*again)->isModified());
        QCOMPARE((*again)->text(), QStringLiteral("name: a\nkeep_alive: 20\n"));
        (*again)->undoStack().undo();
        QCOMPARE((*again)->text(), QStringLiteral("name: a\n"));
        (*again)->undoStack().redo();
        QVERIFY((*again)->save());
        again->reset();
        QVERIFY(!(*open())->hasRecovered());
    }

    void keepsWhatWasNotSavedWhenItEnds()
    {
        opened("name: a\n")->replace(8, 0, QStringLiteral("# typed at the last moment\n"), QStringLiteral("Type"));
        const auto again = open();
        QVERIFY((*again)->hasRecovered());
        QVERIFY((*again)->text().endsWith(QStringLiteral("last moment\n")));
        QCOMPARE(onDisk(), QByteArray("name: a\n"));
    }

    void recoversAlthoughTheFileIsGone()
    {
        opened("name: a\n")->replace(8, 0, QStringLiteral("auth: public\n"), QStringLiteral("Type"));
        QFile::remove(m_path);
        const auto again = open();
        QVERIFY(again);
        QCOMPARE((*again)->onDisk(), AppDocument::OnDisk::Gone);
        QCOMPARE((*again)->text(), QStringLiteral("name: a\nauth: public\n"));
        QVERIFY((*again)->save());
        QCOMPARE(onDisk(), QByteArray("name: a\nauth: public\n"));
        QCOMPARE((*again)->onDisk(), AppDocument::OnDisk::Same);
    }

    void aRecoveryThatSaysTheSameIsNone()
    {
        opened("name: a\n")->replace(0, 0, QStringLiteral("# x\n"), QStringLiteral("Type"));
        write("# x\nname: a\n");
        const auto again = open();
        QVERIFY(!(*again)->hasRecovered());
        QVERIFY(!(*again)->isModified());
    }

    void seesAChangeOutside()
    {
        const auto document = opened("name: a\n");
        QSignalSpy changes(document.get(), &AppDocument::changedOutside);
        write("name: b\n");
        QTRY_COMPARE(document->onDisk(), AppDocument::OnDisk::Changed);
        QCOMPARE(changes.count(), 1);
        QCOMPARE(document->text(), QStringLiteral("name: a\n"));
        QVERIFY(document->reload());
        QCOMPARE(document->text(), QStringLiteral("name: b\n"));
        QVERIFY(!document->isModified());
        QCOMPARE(document->onDisk(), AppDocument::OnDisk::Same);
        document->undoStack().undo();
        QCOMPARE(document->text(), QStringLiteral("name: a\n"));
        QVERIFY(document->isModified());
    }

    void seesAFileThatIsPutInItsPlace()
    {
        const auto document = opened("name: a\n");
        const QString other = m_path + QStringLiteral(".new");
        for (const char* const text : {"name: b\n", "name: c\n"}) { // the second one too: the watch goes on
            QFile file(other);
            QVERIFY(file.open(QIODevice::WriteOnly));
            file.write(text);
            file.close();
            QCOMPARE(std::rename(qPrintable(other), qPrintable(m_path)), 0);
            QTRY_COMPARE(document->onDisk(), AppDocument::OnDisk::Changed);
            QVERIFY(document->reload());
            QCOMPARE(document->text().toLatin1(), QByteArray(text));
        }
    }

    void seesThatTheFileIsGoneAndBack()
    {
        const auto document = opened("name: a\n");
        QFile::remove(m_path);
        QTRY_COMPARE(document->onDisk(), AppDocument::OnDisk::Gone);
        QVERIFY(!document->reload());
        QCOMPARE(document->text(), QStringLiteral("name: a\n"));
        write("name: a\n");
        QTRY_COMPARE(document->onDisk(), AppDocument::OnDisk::Same);
    }

    void itsOwnSaveIsNoChangeOutside()
    {
        const auto document = opened("name: a\n");
        QSignalSpy changes(document.get(), &AppDocument::changedOutside);
        QVERIFY(document->setField("auth", "public"));
        QVERIFY(document->save());
        write("name: b\n"); // seen after the notice of the save
        QTRY_COMPARE(document->onDisk(), AppDocument::OnDisk::Changed);
        QCOMPARE(changes.count(), 1);
    }

    void keepsTheTextWhenItCannotBeSaved()
    {
        const auto document = opened("name: a\n");
        QVERIFY(document->setField("auth", "public"));
        const QString before = document->path();
        const Result<> saved = document->saveAs(m_folder.filePath(QStringLiteral("no/such/folder/app.yaml")));
        QVERIFY(!saved);
        QCOMPARE(saved.error().code, ErrorCode::Io);
        QCOMPARE(document->path(), before);
        QVERIFY(document->isModified());
        QCOMPARE(document->text(), QStringLiteral("name: a\nauth: public\n"));
        QCOMPARE(onDisk(), QByteArray("name: a\n"));
    }

    void savesElsewhere()
    {
        auto document = opened("name: a\n");
        QVERIFY(document->setField("auth", "public"));
        QSignalSpy paths(document.get(), &AppDocument::pathChanged);
        m_path = m_folder.filePath(QStringLiteral("other.yaml"));
        QVERIFY(document->saveAs(m_path));
        QCOMPARE(paths.count(), 1);
        QCOMPARE(document->path(), m_path);
        QVERIFY(!document->isModified());
        QVERIFY(document->setField("auth", "shared")); // what is not saved belongs to the new file
        document.reset();
        QVERIFY((*open())->hasRecovered());
    }

    void aPythonAppIsText()
    {
        m_path = m_folder.filePath(QStringLiteral("app.py"));
        const auto document = opened("import fal\n");
        QVERIFY(document->isPython());
        QCOMPARE(document->name(), QStringLiteral("app.py"));
        QVERIFY(document->parsed().problems.empty());
        document->replace(0, 0, QStringLiteral("\tx: [\n"), QStringLiteral("Type"));
        QVERIFY(document->parsed().problems.empty());
    }

    void isNamedAfterTheDefinition()
    {
        const auto document = opened("name: my-app\n");
        QCOMPARE(document->name(), QStringLiteral("my-app"));
        document->replace(6, 6, QStringLiteral("My App"), QStringLiteral("Type"));
        QCOMPARE(document->name(), QFileInfo(m_path).fileName());
    }
};

QTEST_GUILESS_MAIN(TestAppDocument)
#include "tst_app_document.moc"
