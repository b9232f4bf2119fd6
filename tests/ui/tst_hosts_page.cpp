// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/fake_host.h"
#include "tests/support/studio_fixture.h"
#include "ui/views/hosts/host_sheet.h"
#include "ui/views/hosts/hosts_page.h"
#include "ui/views/hosts/keys_panel.h"
#include "ui/views/hosts/secrets_panel.h"
#include "ui/widgets/confirm_strip.h"
#include "ui/widgets/error_banner.h"

#include <QAbstractItemModelTester>
#include <QAction>
#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSslCertificate>
#include <QSslConfiguration>
#include <QSslKey>
#include <QSslServer>
#include <QTableView>
#include <QTest>
#include <algorithm>

using namespace tintype;
using namespace tintype::ui;

namespace {

// Made for this test: a key, its certificate from 2020 to 2120, and one that ended in 2021.
constexpr const char* kKey = R"(-----BEGIN PRIVATE KEY-----
MIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgFhP7sOEhozX5ttQM
mhOvW8v1CBNyV/p/IJtLL6p3CHOhRANCAARrgWGzwC2N5V5UiBjYOOHCDqnXwIZz
kBBiaZLOiRl4Yf883xjBinz1uxYU15jPU2nirZvkk7XShZsOED2To6lV
-----END PRIVATE KEY-----)";
constexpr const char* kGood = R"(-----BEGIN CERTIFICATE-----
MIIBTzCB9qADAgECAgECMAoGCCqGSM49BAMCMBIxEDAOBgNVBAMMB2dwdS1ib3gw
IBcNMjAwMTAxMDAwMDAwWhgPMjEyMDAxMDEwMDAwMDBaMBIxEDAOBgNVBAMMB2dw
dS1ib3gwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAARrgWGzwC2N5V5UiBjYOOHC
DqnXwIZzkBBiaZLOiRl4Yf883xjBinz1uxYU15jPU2nirZvkk7XShZsOED2To6lV
ozswOTAYBgNVHREEETAPggdncHUtYm94hwR/AAABMB0GA1UdDgQWBBREWOwMSDeH
AM1uBaBiSL3Sh4vk5zAKBggqhkjOPQQDAgNIADBFAiEA+B7Wg+087B1hXgYDuQzD
G7NI6X3qVVtEzrUDst8N91ICIA+JP4EvHrw+5bj+uDU4bmoxTcm4CJhwuQjbdPKF
Lk3D
-----END CERTIFICATE-----)";
constexpr const char* kExpired = R"(-----BEGIN CERTIFICATE-----
MIIBCzCBsgIBATAKBggqhkjOPQQDAjASMRAwDgYDVQQDDAdvbGQtYm94MB4XDTIw
MDEwMTAwMDAwMFoXDTIxMDEwMTAwMDAwMFowEjEQMA4GA1UEAwwHb2xkLWJveDBZ
MBMGByqGSM49AgEGCCqGSM49AwEHA0IABGuBYbPALY3lXlSIGNg44cIOqdfAhnOQ
EGJpks6JGXhh/zzfGMGKfPW7FhTXmM9TaeKtm+STtdKFmw4QPZOjqVUwCgYIKoZI
zj0EAwIDSAAwRQIgKXC3tYM2Jhme+dZd6AyNSzB+M+zePriBDMu1nYZa2qACIQD/
X2a6BOSO+HsDX5NnSctmJjOwaiV1a/EFIkxkQueXyA==
-----END CERTIFICATE-----)";
const QString kFingerprint = QStringLiteral("4C:05:D9:0C:F0:E5:74:7E:0C:03:88:1C:33:3F:6E:A7:EC:18:02:83:0E:A0:EA:C6:BD:93:37:90:22:BC:B8:A3");
const QString kPin = QStringLiteral("6Hk8fhFI6Xs6xGwb1B3nF8NzDg+laJNYzVo9rakU/Kc=");

/// Speaks TLS and nothing else.
class TlsServer : public QSslServer {
public:
    explicit TlsServer(const char* certificate)
    {
        QSslConfiguration configuration = QSslConfiguration::defaultConfiguration();
        configuration.setLocalCertificate(QSslCertificate(QByteArray(certificate)));
        configuration.setPrivateKey(QSslKey(QByteArray(kKey), QSsl::Ec));
        configuration.setPeerVerifyMode(QSslSocket::VerifyNone);
        setSslConfiguration(configuration);
        listen(QHostAddress::LocalHost);
    }
    QUrl url() const { return QUrl(QStringLiteral("https://127.0.0.1:%1").arg(serverPort())); }
};

QPushButton* button(const QWidget& parent, const QString& text)
{
    const auto buttons = parent.findChildren<QPushButton*>();
    const auto found = std::ranges::find(buttons, text, &QPushButton::text);
    return found == buttons.end() ? nullptr : *found;
}

QString sentence(const QWidget& parent)
{
    QStringList texts;
    const auto labels = parent.findChildren<QLabel*>();
    for (const QLabel* const label : labels)
        texts.append(label->text());
    return texts.join(QLatin1Char('\n'));
}

control::HostAddress addressOf(const std::string& url, const std::string& key = {})
{
    return {.url = url, .key = key, .caFile = {}, .fingerprint = {}};
}

} // namespace

class TestHostsPage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { qRegisterMetaType<ServerCertificate>(); }
    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        m_page = std::make_unique<HostsPage>(m_fixture->studio);
        m_page->resize(1280, 800);
        m_page->show();
        QTRY_VERIFY(m_fixture->target().isConnected());
        QTRY_VERIFY(m_fixture->target().hostInfo());
    }
    void cleanup()
    {
        m_page.reset();
        m_fixture.reset();
    }

    void theTableFollowsTheHosts()
    {
        const QAbstractItemModelTester tester(&m_page->model(), QAbstractItemModelTester::FailureReportingMode::Fatal);
        QVERIFY(m_fixture->targets.add(QStringLiteral("lab"), addressOf("http://127.0.0.1:9")));
        QCOMPARE(m_page->model().rowCount(), 2);
        m_fixture->targets.setLocal(addressOf("http://127.0.0.1:10"));
        QCOMPARE(m_page->model().rowCount(), 2);
        QVERIFY(m_page->model().at(0)->isLocal());
        QVERIFY(m_fixture->targets.remove(QStringLiteral("lab")));
        QCOMPARE(m_page->model().rowCount(), 1);
        QVERIFY(!m_page->model().at(1));
        QCOMPARE(m_page->model().rowOf(nullptr), -1);
    }

    void thisMachineCanBeNeitherRemovedNorChanged()
    {
        m_page->choose(&m_fixture->target());
        QVERIFY(!action("hosts.remove")->isEnabled());
        QVERIFY(!action("hosts.edit")->isEnabled());
        QVERIFY(action("hosts.test")->isEnabled());
    }

    void removingAsksFirst()
    {
        QVERIFY(m_fixture->targets.add(QStringLiteral("lab"), addressOf("http://127.0.0.1:9")));
        action("hosts.remove")->trigger();
        QVERIFY(m_fixture->targets.find(QStringLiteral("lab")));
        button(*m_page->findChild<ConfirmStrip*>(), QStringLiteral("Remove"))->click();
        QVERIFY(!m_fixture->targets.find(QStringLiteral("lab")));
    }

    void aWrongKeyIsSaidWithWhatToDo()
    {
        m_fixture->control().failures["host"] = {ErrorCode::Unauthorized, "the key is not known here", {}};
        m_fixture->target().start();
        QTRY_VERIFY(banner().isVisible());
        QVERIFY(sentence(banner()).contains(QStringLiteral("the key is not known here")));
        QVERIFY(sentence(banner()).contains(QStringLiteral("keys create")));
        m_fixture->control().failures.clear();
        action("hosts.test")->trigger();
        QTRY_VERIFY(!sentence(banner()).contains(QStringLiteral("not known")) || !banner().isVisible());
    }

    void adviceForEveryTrouble()
    {
        QVERIFY(hostAdvice({ErrorCode::Unauthorized, "its certificate is not the one with the pinned fingerprint", {}}).contains(QStringLiteral("fingerprint")));
        QVERIFY(hostAdvice({ErrorCode::Unavailable, "its certificate is not trusted", {}}).contains(QStringLiteral("pin")));
        QVERIFY(hostAdvice({ErrorCode::Unavailable, "no host answers at x", {}}).contains(QStringLiteral("port")));
        QVERIFY(hostAdvice({ErrorCode::Timeout, "no answer within 30 s", {}}).contains(QStringLiteral("port")));
        QVERIFY(!hostAdvice({ErrorCode::Protocol, "not JSON", {}}).isEmpty());
        QVERIFY(hostAdvice({ErrorCode::Internal, "?", {}}).isEmpty());
    }

    void aKeyIsShownOnce()
    {
        m_fixture->control().createdKey = {.key = "k1:very-secret", .info = {}};
        m_fixture->control().keyList = {{.id = "k1", .scope = control::KeyScope::Api, .description = "laptop", .createdAt = {}}};
        auto* const keys = m_page->findChild<KeysPanel*>();
        button(*keys, QStringLiteral("Create key"))->click();
        QTRY_VERIFY(holds(*keys, QStringLiteral("k1:very-secret")));
        button(*keys, QStringLiteral("Done"))->click();
        QVERIFY(!holds(*keys, QStringLiteral("k1:very-secret")));
        keys->findChild<QTableView*>()->selectRow(0);
        button(*keys, QStringLiteral("Revoke…"))->click();
        QCOMPARE(m_fixture->control().count("revokeKey"), 0);
        button(*m_page->findChild<ConfirmStrip*>(), QStringLiteral("Revoke"))->click();
        QCOMPARE(m_fixture->control().calls.back(), std::string("revokeKey k1"));
    }

    void aKeyIsNotShownForAnotherHost()
    {
        m_fixture->control().createdKey = {.key = "k1:very-secret", .info = {}};
        auto* const keys = m_page->findChild<KeysPanel*>();
        button(*keys, QStringLiteral("Create key"))->click();
        QTRY_VERIFY(holds(*keys, QStringLiteral("k1:very-secret")));
        QVERIFY(m_fixture->targets.add(QStringLiteral("lab"), addressOf("http://127.0.0.1:9"))); // becomes the chosen one
        QVERIFY(!holds(*keys, QStringLiteral("k1:very-secret")));
    }

    void secretsAreSetAndUnset()
    {
        auto* const secrets = m_page->findChild<SecretsPanel*>();
        const auto fields = secrets->findChildren<QLineEdit*>();
        QVERIFY(!button(*secrets, QStringLiteral("Set"))->isEnabled());
        fields[0]->setText(QStringLiteral("HF_TOKEN"));
        fields[1]->setText(QStringLiteral("hf_x"));
        m_fixture->control().secretList = {{.name = "HF_TOKEN", .createdAt = {}}};
        button(*secrets, QStringLiteral("Set"))->click();
        QTRY_COMPARE(fields[1]->text(), QString());
        QCOMPARE(m_fixture->control().count("setSecret"), 1);
        QTRY_COMPARE(secrets->findChild<QTableView*>()->model()->rowCount(), 1);
        secrets->findChild<QTableView*>()->selectRow(0);
        button(*secrets, QStringLiteral("Unset…"))->click();
        button(*m_page->findChild<ConfirmStrip*>(), QStringLiteral("Unset"))->click();
        QCOMPARE(m_fixture->control().count("unsetSecret"), 1);
    }

    void aSecretThatIsRefusedStaysInTheField()
    {
        m_fixture->control().failures["setSecret"] = {ErrorCode::InvalidArgument, "a name has letters, digits and _", {}};
        auto* const secrets = m_page->findChild<SecretsPanel*>();
        const auto fields = secrets->findChildren<QLineEdit*>();
        fields[0]->setText(QStringLiteral("HF TOKEN"));
        fields[1]->setText(QStringLiteral("hf_x"));
        button(*secrets, QStringLiteral("Set"))->click();
        QTRY_VERIFY(banner().isVisible());
        QCOMPARE(fields[1]->text(), QStringLiteral("hf_x"));
        QVERIFY(!sentence(banner()).contains(QStringLiteral("hf_x")));
    }

    void aHostIsAddedAfterItHasAnswered()
    {
        test::FakeHost host;
        host.answer = [](const test::FakeHost::Request& request) {
            const bool knows = request.headers.count("authorization") && request.headers.at("authorization") == "Key id:right";
            return knows ? test::FakeHost::Answer{200, R"({"version": "9.9", "owner": "local", "machine_types": [], "urls": {}})"}
                         : test::FakeHost::Answer{401, R"({"detail": "this key is not known here", "error_type": "unauthorized"})"};
        };
        HostSheet& sheet = openSheet();
        fill(sheet, QStringLiteral("lab"), QString::fromStdString(host.url()), QStringLiteral("id:wrong"));
        button(sheet, QStringLiteral("Connect"))->click();
        QTRY_VERIFY(sentence(sheet).contains(QStringLiteral("not known here")));
        QVERIFY(!m_fixture->targets.find(QStringLiteral("lab")));
        QVERIFY(!sentence(sheet).contains(QStringLiteral("id:wrong")));
        fill(sheet, QStringLiteral("lab"), QString::fromStdString(host.url()), QStringLiteral("id:right"));
        button(sheet, QStringLiteral("Connect"))->click();
        QTRY_VERIFY(m_fixture->targets.find(QStringLiteral("lab")));
        QCOMPARE(m_fixture->targets.find(QStringLiteral("lab"))->address().key, std::string("id:right"));
        QVERIFY(!sheet.isVisible());
    }

    void aHostThatDoesNotAnswerCanBeKeptAnyway()
    {
        HostSheet& sheet = openSheet();
        fill(sheet, QStringLiteral("lab"), QStringLiteral("http://127.0.0.1:1"), {});
        QVERIFY(!button(sheet, QStringLiteral("Keep anyway"))->isVisible());
        button(sheet, QStringLiteral("Connect"))->click();
        QTRY_VERIFY(button(sheet, QStringLiteral("Keep anyway"))->isVisible());
        button(sheet, QStringLiteral("Keep anyway"))->click();
        QVERIFY(m_fixture->targets.find(QStringLiteral("lab")));
    }

    void badInputIsRefusedAtOnce_data()
    {
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("url");
        QTest::newRow("no name") << "" << "http://127.0.0.1:1";
        QTest::newRow("space") << "my host" << "http://127.0.0.1:1";
        QTest::newRow("taken") << "This machine" << "http://127.0.0.1:1";
        QTest::newRow("dot") << "a.b" << "http://127.0.0.1:1";
        QTest::newRow("no address") << "lab" << "";
        QTest::newRow("no host") << "lab" << "http://";
        QTest::newRow("another scheme") << "lab" << "ftp://x";
    }
    void badInputIsRefusedAtOnce()
    {
        QFETCH(const QString, name);
        QFETCH(const QString, url);
        HostSheet& sheet = openSheet();
        fill(sheet, name, url, {});
        button(sheet, QStringLiteral("Connect"))->click();
        QVERIFY(sheet.findChild<ErrorBanner*>()->isVisible());
        QVERIFY(!button(sheet, QStringLiteral("Keep anyway"))->isVisible());
        QCOMPARE(m_fixture->targets.rowCount(), 1);
    }

    void theFingerprintIsShownBeforeTheHostIsCalled()
    {
        TlsServer server(kGood);
        HostSheet& sheet = openSheet();
        fill(sheet, QStringLiteral("lab"), server.url().toString(), QStringLiteral("id:key"));
        button(sheet, QStringLiteral("Connect"))->click();
        QTRY_VERIFY(sentence(sheet).remove(QLatin1Char('\n')).contains(kFingerprint));
        QVERIFY(sheet.findChild<QCheckBox*>()->isChecked()); // nobody else vouches for it
        QVERIFY(!m_fixture->targets.find(QStringLiteral("lab")));
        QVERIFY(button(sheet, QStringLiteral("Add host")));
    }

    void aProbeTellsAllAboutACertificate()
    {
        TlsServer server(kGood);
        CertificateProbe probe;
        QSignalSpy found(&probe, &CertificateProbe::found);
        probe.ask(server.url());
        QTRY_COMPARE(found.count(), 1);
        const auto certificate = found[0][0].value<ServerCertificate>();
        QCOMPARE(certificate.fingerprint, kFingerprint);
        QCOMPARE(certificate.publicKeyPin, kPin);
        QVERIFY(certificate.names.contains(QStringLiteral("gpu-box")));
        QVERIFY(!certificate.problems.isEmpty());
        QVERIFY(!certificate.isExpired(QDateTime::currentDateTimeUtc()));
    }

    void anExpiredCertificateIsTold()
    {
        TlsServer server(kExpired);
        CertificateProbe probe;
        QSignalSpy found(&probe, &CertificateProbe::found);
        probe.ask(server.url());
        QTRY_COMPARE(found.count(), 1);
        QVERIFY(found[0][0].value<ServerCertificate>().isExpired(QDateTime::currentDateTimeUtc()));
    }

    void aProbeOfSomethingElseFails()
    {
        QTcpServer plain; // says nothing, hangs up
        plain.listen(QHostAddress::LocalHost);
        connect(&plain, &QTcpServer::newConnection, this, [&plain] { plain.nextPendingConnection()->abort(); });
        CertificateProbe probe;
        QSignalSpy failed(&probe, &CertificateProbe::failed);
        probe.ask(QUrl(QStringLiteral("https://127.0.0.1:%1").arg(plain.serverPort())));
        QTRY_COMPARE(failed.count(), 1);
        plain.close();
        probe.ask(QUrl(QStringLiteral("https://127.0.0.1:1")));
        QTRY_COMPARE(failed.count(), 2);
    }

private:
    QAction* action(const char* id) { return m_fixture->commands.find(QLatin1String(id)); }
    ErrorBanner& banner() { return *m_page->findChild<ErrorBanner*>(QString(), Qt::FindDirectChildrenOnly); }
    HostSheet& openSheet()
    {
        action("hosts.add")->trigger();
        return *m_page->findChild<HostSheet*>();
    }
    static void fill(const HostSheet& sheet, const QString& name, const QString& url, const QString& key)
    {
        const auto fields = sheet.findChildren<QLineEdit*>();
        fields[0]->setText(name);
        fields[1]->setText(url);
        Q_EMIT fields[1]->textEdited(url);
        fields[2]->setText(key);
    }
    static bool holds(const QWidget& parent, const QString& text)
    {
        const auto fields = parent.findChildren<QLineEdit*>();
        return std::ranges::any_of(fields, [&](const QLineEdit* field) { return field->text() == text; });
    }

    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<HostsPage> m_page;
};

QTEST_MAIN(TestHostsPage)
#include "tst_hosts_page.moc"
