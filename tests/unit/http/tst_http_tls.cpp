// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/tls.h"
#include "deploy/http/tls_certificate.h"
#include "http_fixture.h"

#include <QFile>
#include <QHostInfo>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslSocket>
#include <QTemporaryDir>
#include <QTest>
#include <QWebSocket>

using namespace tintype;
using namespace tintype::http;
using namespace tintype::http::test;

namespace {

std::string contentOf(const std::string& path)
{
    QFile file(QString::fromStdString(path));
    return file.open(QIODevice::ReadOnly) ? file.readAll().toStdString() : std::string();
}

void replace(const std::string& path, const std::string& text)
{
    QFile file(QString::fromStdString(path));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(text.data(), static_cast<qint64>(text.size()));
}

QSslConfiguration trusting(const std::string& authority)
{
    auto configuration = QSslConfiguration::defaultConfiguration();
    configuration.setCaCertificates(
        QSslCertificate::fromData(QByteArray::fromStdString(contentOf(authority)), QSsl::Pem));
    return configuration;
}

} // namespace

class TestHttpTls : public QObject {
    Q_OBJECT

    std::unique_ptr<QTemporaryDir> m_folder;
    std::string m_path;

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_path = m_folder->path().toStdString() + "/tls";
    }

    void makesWhatIsMissing()
    {
        const auto files = ownCertificate(m_path, {"gpu.example", "10.1.2.3"});
        QVERIFY2(files, files ? "" : files.error().message.c_str());
        QCOMPARE(files->certificate, m_path + "/server.pem");
        for (const char* name : {"/ca.key", "/server.key"})
            QCOMPARE(QFile::permissions(QString::fromStdString(m_path + name))
                    & ~(QFileDevice::ReadUser | QFileDevice::WriteUser),
                QFileDevice::ReadOwner | QFileDevice::WriteOwner);
        const auto facts = readCertificate(contentOf(files->certificate)).value();
        for (const auto& name :
            {std::string("localhost"), std::string("127.0.0.1"), std::string("::1"), std::string("gpu.example"),
                std::string("10.1.2.3"), canonicalName(QHostInfo::localHostName().toStdString())})
            QVERIFY2(std::find(facts.names.begin(), facts.names.end(), name) != facts.names.end(), name.c_str());
        const auto chain = QSslCertificate::fromPath(QString::fromStdString(files->certificate));
        QCOMPARE(chain.size(), 2);
        QVERIFY(chain[1].isSelfSigned());
        QCOMPARE(chain[1].subjectInfo(QSslCertificate::CommonName).value(0),
            QStringLiteral("Tintype CA of ") + QHostInfo::localHostName());
        QVERIFY(chain[0].expiryDate() < QDateTime::currentDateTimeUtc().addDays(826));
        QVERIFY(chain[0].effectiveDate() < QDateTime::currentDateTimeUtc());
    }

    void keepsWhatIsGood()
    {
        QVERIFY(ownCertificate(m_path, {"a.example"}));
        const auto authority = contentOf(m_path + "/ca.pem");
        const auto server = contentOf(m_path + "/server.pem");
        QVERIFY(ownCertificate(m_path, {"A.example", "0:0:0:0:0:0:0:1"}));
        QCOMPARE(contentOf(m_path + "/server.pem"), server);
        QVERIFY(ownCertificate(m_path, {"b.example"}));
        QVERIFY(contentOf(m_path + "/server.pem") != server);
        QCOMPARE(contentOf(m_path + "/ca.pem"), authority);
    }

    void renewsWhatIsDamaged_data()
    {
        QTest::addColumn<QByteArray>("file");
        QTest::addColumn<QByteArray>("text");
        QTest::newRow("certificate") << QByteArray("/server.pem") << QByteArray("nonsense");
        QTest::newRow("empty certificate") << QByteArray("/server.pem") << QByteArray();
        QTest::newRow("key") << QByteArray("/server.key") << QByteArray("nonsense");
        QTest::newRow("key of another") << QByteArray("/server.key")
                                        << QByteArray::fromStdString(makeAuthority("x").value().key);
        QTest::newRow("signed by another")
            << QByteArray("/server.pem") << QByteArray::fromStdString(makeAuthority("x").value().certificate);
    }
    void renewsWhatIsDamaged()
    {
        QFETCH(QByteArray, file);
        QFETCH(QByteArray, text);
        const auto files = ownCertificate(m_path, {});
        QVERIFY(files);
        replace(m_path + file.toStdString(), text.toStdString());
        QVERIFY(ownCertificate(m_path, {}));
        QVERIFY(tlsConfiguration(*files));
        QVERIFY(isSignedBy(contentOf(files->certificate), contentOf(m_path + "/ca.pem")));
    }

    /// Clients trust it: a damaged authority is not silently replaced by another.
    void aDamagedAuthorityIsAnError()
    {
        QVERIFY(ownCertificate(m_path, {}));
        replace(m_path + "/ca.key", "nonsense");
        QVERIFY(ownCertificate(m_path, {})); // nothing to sign
        const auto files = ownCertificate(m_path, {"new.example"});
        QVERIFY(!files);
        QCOMPARE(files.error().code, ErrorCode::Corrupt);
        QVERIFY(QFile::remove(QString::fromStdString(m_path + "/ca.key")));
        QVERIFY(!ownCertificate(m_path, {}));
    }

    void refusesOddNames()
    {
        for (const char* name : {"", "a b", "x\n", "\xc3\xbc.example"})
            QCOMPARE(ownCertificate(m_path, {name}).error().code, ErrorCode::InvalidArgument);
        QVERIFY(ownCertificate(m_path, {"a,DNS:evil.example"})); // one odd name, not two
        const auto facts = readCertificate(contentOf(m_path + "/server.pem")).value();
        QVERIFY(std::find(facts.names.begin(), facts.names.end(), "evil.example") == facts.names.end());
    }

    void saysWhatIsWrongWithGivenFiles()
    {
        const auto files = ownCertificate(m_path, {}).value();
        const auto other = makeAuthority("x").value();
        replace(m_path + "/other.key", other.key);
        replace(m_path + "/nonsense", "nonsense");
        QCOMPARE(tlsConfiguration({files.certificate, m_path + "/missing"}).error().code, ErrorCode::NotFound);
        QCOMPARE(tlsConfiguration({m_path + "/nonsense", files.key}).error().code, ErrorCode::Corrupt);
        QCOMPARE(tlsConfiguration({files.certificate, m_path + "/nonsense"}).error().code, ErrorCode::Corrupt);
        QCOMPARE(tlsConfiguration({files.certificate, m_path + "/other.key"}).error().code, ErrorCode::Corrupt);
        QVERIFY(!fingerprint(m_path + "/nonsense"));
        QVERIFY(!fingerprint(m_path + "/missing"));
    }

    void fingerprintIsThatOfTheCertificate()
    {
        const auto files = ownCertificate(m_path, {}).value();
        const auto digest = QSslCertificate::fromPath(QString::fromStdString(files.certificate))[0].digest(
            QCryptographicHash::Sha256);
        QCOMPARE(fingerprint(files.certificate).value(), digest.toHex(':').toUpper().toStdString());
    }

    void servesThoseWhoTrustTheAuthority_data()
    {
        QTest::addColumn<QString>("host");
        QTest::newRow("name") << QStringLiteral("localhost");
        QTest::newRow("address") << QStringLiteral("127.0.0.1");
    }
    void servesThoseWhoTrustTheAuthority()
    {
        QFETCH(QString, host);
        const auto files = ownCertificate(m_path, {}).value();
        Fixture fixture;
        bool secure = false;
        fixture.post("/echo", [&](Request request, Responder responder) {
            secure = request.secure;
            responder.send(Response::text(200, request.body));
        });
        fixture.listen(tlsConfiguration(files).value());
        QSslSocket client;
        client.setSslConfiguration(trusting(m_path + "/ca.pem"));
        client.setPeerVerifyName(host);
        client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), fixture.port, host);
        QTRY_VERIFY2(client.isEncrypted(), qPrintable(client.errorString()));
        const QByteArray body(5 << 20, 'x');
        QByteArray received;
        for (int round = 1; round <= 2; ++round) {
            client.write("POST /echo HTTP/1.1\r\nHost: a\r\nContent-Length: " + QByteArray::number(body.size())
                + "\r\n\r\n" + body);
            QTRY_VERIFY_WITH_TIMEOUT(
                (received += client.readAll(), received.count('x') >= round * body.size()), 20'000);
        }
        QVERIFY(secure);
        client.write("GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        QTRY_COMPARE(client.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(client.readAll().startsWith("HTTP/1.1 404"));
    }

    void othersDoNotTrustIt()
    {
        const auto files = ownCertificate(m_path, {}).value();
        Fixture fixture;
        fixture.listen(tlsConfiguration(files).value());
        QSslSocket stranger;
        stranger.connectToHostEncrypted(QStringLiteral("127.0.0.1"), fixture.port);
        QTRY_COMPARE(stranger.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(!stranger.isEncrypted());
        QSslSocket misled;
        misled.setSslConfiguration(trusting(m_path + "/ca.pem"));
        misled.connectToHostEncrypted(QStringLiteral("127.0.0.1"), fixture.port, QStringLiteral("other.example"));
        QTRY_COMPARE(misled.state(), QAbstractSocket::UnconnectedState);
        QVERIFY(!misled.isEncrypted());
        QTRY_COMPARE(fixture.server->connectionCount(), 0);
    }

    void plainTextIsNotServed()
    {
        Fixture fixture;
        fixture.listen(tlsConfiguration(ownCertificate(m_path, {}).value()).value());
        const auto answer = ask(fixture.port, "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        QVERIFY(answer.find("HTTP/1.1") == std::string::npos);
        QTRY_COMPARE(fixture.server->connectionCount(), 0);
    }

    void aCallerWhoLeavesIsNoticed()
    {
        Fixture fixture;
        int lost = 0;
        std::optional<Responder> open;
        fixture.get("/slow", [&](Request, Responder responder) {
            responder.whenClosed([&] { ++lost; });
            open.emplace(std::move(responder));
        });
        fixture.listen(tlsConfiguration(ownCertificate(m_path, {}).value()).value());
        QSslSocket client;
        client.setSslConfiguration(trusting(m_path + "/ca.pem"));
        client.connectToHostEncrypted(QStringLiteral("127.0.0.1"), fixture.port);
        client.write("GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
        QTRY_VERIFY(open);
        client.abort();
        QTRY_COMPARE(lost, 1);
    }

    void webSocketsWorkToo()
    {
        const auto files = ownCertificate(m_path, {}).value();
        Fixture fixture;
        std::unique_ptr<QWebSocket> kept;
        fixture.site.table.add(
            {.method = "WS", .pattern = "/ws", .handleSocket = [&](const Request&, std::unique_ptr<QWebSocket> socket) {
                 auto* const raw = socket.get();
                 connect(raw, &QWebSocket::binaryMessageReceived, raw,
                     [raw](const QByteArray& bytes) { raw->sendBinaryMessage(bytes); });
                 kept = std::move(socket);
             }});
        fixture.listen(tlsConfiguration(files).value());
        QWebSocket client;
        client.setSslConfiguration(trusting(m_path + "/ca.pem"));
        QSignalSpy messages(&client, &QWebSocket::binaryMessageReceived);
        connect(&client, &QWebSocket::connected, &client, [&] { client.sendBinaryMessage("first"); });
        client.open(QUrl(QStringLiteral("wss://localhost:%1/ws").arg(fixture.port)));
        QTRY_COMPARE(messages.size(), 1);
        client.sendBinaryMessage(QByteArray(2 << 20, 'x'));
        QTRY_COMPARE(messages.size(), 2);
        QCOMPARE(messages[1][0].toByteArray().size(), qsizetype(2 << 20));
        client.close();
        QTRY_COMPARE(kept->state(), QAbstractSocket::UnconnectedState);
    }
};

QTEST_GUILESS_MAIN(TestHttpTls)
#include "tst_http_tls.moc"
