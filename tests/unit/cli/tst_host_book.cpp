// SPDX-License-Identifier: Apache-2.0
#include "deploy/cli/host_option.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tintype;
using namespace tintype::cli;
using control::HostBook;
using control::normalizedUrl;

/// Named hosts, and which one a command means.
class TestHostBook : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        for (const char* name : {"TINTYPE_HOST", "TINTYPE_KEY", "TINTYPE_CA", "FAL_KEY"})
            qunsetenv(name);
        m_book = {};
        m_book.hosts["gpu"] = {"https://gpu-1:7870", "id:secret", "/ca.pem", "AB:CD"};
    }

    void keepsEverything()
    {
        const QTemporaryDir folder;
        const std::string file = folder.path().toStdString() + "/tintype/hosts.json";
        m_book.current = "gpu";
        QVERIFY(m_book.save(file));
        const auto loaded = HostBook::load(file);
        QVERIFY(loaded);
        QCOMPARE(loaded->current, std::string("gpu"));
        QCOMPARE(loaded->hosts.at("gpu"), m_book.hosts.at("gpu"));
        const auto others = QFile::ReadGroup | QFile::WriteGroup | QFile::ReadOther | QFile::WriteOther;
        QVERIFY(!(QFile::permissions(QString::fromStdString(file)) & others));
    }

    void startsEmpty() { QVERIFY(HostBook::load("/no/such/file")->hosts.empty()); }

    void refusesADamagedBook_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("garbage") << QByteArray("{");
        QTest::newRow("list") << QByteArray("[]");
        QTest::newRow("hosts is a list") << QByteArray(R"({"hosts": [1]})");
    }

    void refusesADamagedBook()
    {
        QFETCH(QByteArray, text);
        const QTemporaryDir folder;
        QFile file(folder.path() + QStringLiteral("/hosts.json"));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
        file.close();
        const auto loaded = HostBook::load(file.fileName().toStdString());
        QVERIFY(!loaded);
        QCOMPARE(loaded.error().code, ErrorCode::Corrupt);
        QVERIFY(loaded.error().message.find("secret") == std::string::npos);
    }

    void normalizesUrls_data()
    {
        QTest::addColumn<QByteArray>("text");
        QTest::addColumn<QByteArray>("url"); // empty = refused
        QTest::newRow("whole") << QByteArray("https://h:1") << QByteArray("https://h:1");
        QTest::newRow("slash") << QByteArray("http://h:1/") << QByteArray("http://h:1");
        QTest::newRow("path") << QByteArray("https://h/tintype/") << QByteArray("https://h/tintype");
        QTest::newRow("this machine") << QByteArray("127.0.0.1:7870") << QByteArray("http://127.0.0.1:7870");
        QTest::newRow("localhost") << QByteArray("localhost:1") << QByteArray("http://localhost:1");
        QTest::newRow("elsewhere is encrypted") << QByteArray("gpu-1.lan:7870") << QByteArray("https://gpu-1.lan:7870");
        QTest::newRow("IPv6") << QByteArray("[::1]:7870") << QByteArray("http://[::1]:7870");
        QTest::newRow("another scheme") << QByteArray("ftp://h") << QByteArray();
        QTest::newRow("a file") << QByteArray("file:///etc/passwd") << QByteArray();
        QTest::newRow("with a key") << QByteArray("https://id:secret@h") << QByteArray();
        QTest::newRow("query") << QByteArray("https://h?x=1") << QByteArray();
        QTest::newRow("port") << QByteArray("http://h:99999") << QByteArray();
        QTest::newRow("empty") << QByteArray() << QByteArray();
    }

    void normalizesUrls()
    {
        QFETCH(QByteArray, text);
        QFETCH(QByteArray, url);
        const auto normalized = normalizedUrl(text.toStdString());
        QCOMPARE(QByteArray::fromStdString(normalized.value_or("")), url);
    }

    void meansThisMachineByDefault()
    {
        const auto chosen = chooseHost({}, m_book);
        QVERIFY(chosen->isDefault);
        QCOMPARE(chosen->address.url, std::string("http://127.0.0.1:7870"));
        QVERIFY(chosen->address.key.empty());
    }

    void prefersTheOption()
    {
        m_book.current = "gpu";
        qputenv("TINTYPE_HOST", "http://other:1");
        QCOMPARE(chooseHost({.host = "http://third:1", .caFile = {}, .fingerprint = {}}, m_book)->address.url, std::string("http://third:1"));
        QCOMPARE(chooseHost({}, m_book)->address.url, std::string("http://other:1"));
        qunsetenv("TINTYPE_HOST");
        QCOMPARE(chooseHost({}, m_book)->address.url, std::string("https://gpu-1:7870"));
        QVERIFY(!chooseHost({}, m_book)->isDefault);
    }

    void knowsAHostByItsUrl()
    {
        const auto chosen = chooseHost({.host = "https://gpu-1:7870/", .caFile = {}, .fingerprint = {}}, m_book);
        QCOMPARE(chosen->address.key, std::string("id:secret"));
        QCOMPARE(chosen->address.fingerprint, std::string("AB:CD"));
    }

    void takesKeysInOrder()
    {
        qputenv("FAL_KEY", "fal:1");
        QCOMPARE(chooseHost({}, m_book)->address.key, std::string("fal:1"));
        QCOMPARE(chooseHost({.host = "gpu", .caFile = {}, .fingerprint = {}}, m_book)->address.key, std::string("id:secret"));
        qputenv("TINTYPE_KEY", "tin:1");
        QCOMPARE(chooseHost({.host = "gpu", .caFile = {}, .fingerprint = {}}, m_book)->address.key, std::string("tin:1"));
    }

    void refusesAnUnknownName()
    {
        const auto chosen = chooseHost({.host = "cpu", .caFile = {}, .fingerprint = {}}, m_book);
        QVERIFY(!chosen);
        QCOMPARE(chosen.error().code, ErrorCode::InvalidArgument);
        QVERIFY(chosen.error().message.find("tintype hosts add cpu") != std::string::npos);
    }

private:
    HostBook m_book;
};

QTEST_GUILESS_MAIN(TestHostBook)
#include "tst_host_book.moc"
