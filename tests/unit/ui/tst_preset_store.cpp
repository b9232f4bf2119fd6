// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/preset_store.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

using namespace tintype;
using namespace tintype::ui;

/// Named form values and their file.
class TestPresetStore : public QObject {
    Q_OBJECT

private:
    QTemporaryDir m_folder;
    QString m_file;

    std::unique_ptr<PresetStore> open()
    {
        auto store = std::make_unique<PresetStore>(m_file);
        QSignalSpy changed(store.get(), &PresetStore::changed);
        if (!store->isLoaded())
            changed.wait();
        return store;
    }

    void write(const QByteArray& bytes)
    {
        QFile file(m_file);
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(bytes);
    }

    static QString app() { return QStringLiteral("shapes"); }
    static QString path() { return QStringLiteral("/"); }
    static QString name(const char* text) { return QString::fromUtf8(text); }

private Q_SLOTS:
    void init()
    {
        static int number = 0;
        m_file = m_folder.filePath(QStringLiteral("%1/presets.json").arg(++number));
        QDir().mkpath(m_folder.filePath(QString::number(number)));
    }

    void keepsFromStartToStart()
    {
        {
            const auto store = open();
            QVERIFY(store->save(app(), path(), name(" quick "), QStringLiteral(R"({"seed":18446744073709551615,"b":1,"a":2})")));
            QVERIFY(store->save(app(), path(), name("fine"), QStringLiteral("{}")));
            QVERIFY(store->save(name("other"), path(), name("quick"), QStringLiteral("{}")));
        }
        const auto store = open();
        QCOMPARE(store->names(app(), path()), (QStringList{name("fine"), name("quick")}));
        QCOMPARE(store->values(app(), path(), name("quick")), QStringLiteral(R"({"seed":18446744073709551615,"b":1,"a":2})"));
        QVERIFY(store->names(app(), name("/other")).isEmpty());
    }

    void renamesAndRemoves()
    {
        const auto store = open();
        QVERIFY(store->save(app(), path(), name("a"), QStringLiteral(R"({"x":1})")));
        QVERIFY(store->save(app(), path(), name("b"), QStringLiteral("{}")));
        const auto taken = store->rename(app(), path(), name("a"), name("b"));
        QVERIFY(!taken);
        QCOMPARE(taken.error().code, ErrorCode::Conflict);
        QVERIFY(!store->rename(app(), path(), name("a"), name("  ")));
        QVERIFY(!store->rename(app(), path(), name("not there"), name("c")));
        QVERIFY(store->rename(app(), path(), name("a"), name("a")));
        QVERIFY(store->rename(app(), path(), name("a"), name("c")));
        QCOMPARE(store->values(app(), path(), name("c")), QStringLiteral(R"({"x":1})"));
        store->remove(app(), path(), name("b"));
        store->remove(app(), path(), name("b"));
        QCOMPARE(store->names(app(), path()), QStringList{name("c")});
    }

    void refusesBadNamesAndValues()
    {
        const auto store = open();
        QVERIFY(!store->save(app(), path(), name("  "), QStringLiteral("{}")));
        QVERIFY(!store->save(app(), path(), QString(200, u'x'), QStringLiteral("{}")));
        QVERIFY(!store->save(app(), path(), name("a"), QStringLiteral("[1]")));
        QVERIFY(!store->save(app(), path(), name("a"), QStringLiteral("{")));
        QVERIFY(store->names(app(), path()).isEmpty());
    }

    void damagedFileIsSetAside_data()
    {
        QTest::addColumn<QByteArray>("bytes");
        QTest::newRow("cut") << QByteArray("{\"presets\": [");
        QTest::newRow("empty") << QByteArray();
        QTest::newRow("other JSON") << QByteArray("[]");
        QTest::newRow("no list") << QByteArray("{\"presets\": 5}");
        QTest::newRow("noise") << QByteArray("\x00\xff\x80", 3);
    }
    void damagedFileIsSetAside()
    {
        QFETCH(QByteArray, bytes);
        write(bytes);
        auto store = std::make_unique<PresetStore>(m_file);
        QSignalSpy troubled(store.get(), &PresetStore::troubled);
        QVERIFY(troubled.wait());
        const QStringList aside = QFileInfo(m_file).dir().entryList({QStringLiteral("presets.json.broken-*")});
        QCOMPARE(aside.size(), 1);
        QVERIFY(troubled[0][0].toString().contains(aside[0]));
        QVERIFY(store->save(app(), path(), name("a"), QStringLiteral("{}")));
        store.reset();
        QCOMPARE(open()->names(app(), path()), QStringList{name("a")});
    }

    void oddEntriesAreLeftOut()
    {
        write(R"({"presets": [5, {}, {"name": "a"}, {"app": "shapes", "endpoint": "/", "name": "b", "values": []},
                 {"app": "shapes", "endpoint": "/", "name": "c", "values": {"x": 1}}]})");
        QCOMPARE(open()->names(app(), path()), QStringList{name("c")});
    }

    void staysInMemoryWhenItCannotBeWritten()
    {
        QFile blocker(m_folder.filePath(QStringLiteral("blocker")));
        QVERIFY(blocker.open(QIODevice::WriteOnly));
        m_file = m_folder.filePath(QStringLiteral("blocker/presets.json")); // a folder that is a file
        const auto store = open();
        QSignalSpy troubled(store.get(), &PresetStore::troubled);
        QVERIFY(store->save(app(), path(), name("a"), QStringLiteral("{}")));
        QVERIFY(troubled.wait());
        QCOMPARE(store->names(app(), path()), QStringList{name("a")});
    }
};

QTEST_GUILESS_MAIN(TestPresetStore)
#include "tst_preset_store.moc"
