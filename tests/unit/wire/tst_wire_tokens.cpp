// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/tokens.h"

#include <QTemporaryDir>
#include <QTest>

using namespace tintype;
using namespace tintype::wire;

class TestTokens : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void readsWhatWasIssued();
    void keepsTheKindsApart();
    void refusesWhatIsNotOurs_data();
    void refusesWhatIsNotOurs();
    void refusesAnotherHosts();
    void refusesWhatHasExpired();
    void findsTheTokenOfACall();

private:
    store::Vault open(const char* name) const
    {
        return store::Vault::open(m_folder.filePath(QString::fromUtf8(name)).toStdString()).value();
    }

    QTemporaryDir m_folder;
    std::optional<store::Vault> m_vault;
    const TimePoint m_later = wallClockNow() + std::chrono::minutes(5);
};

void TestTokens::initTestCase() { m_vault = open("secret.key"); }

void TestTokens::readsWhatWasIssued()
{
    const AppToken app{{"one", "two"}, "0123", true};
    QCOMPARE(readAppToken(*m_vault, issueToken(*m_vault, app, m_later)), std::optional(app));
    const StorageToken storage{"0123"};
    QCOMPARE(readStorageToken(*m_vault, issueToken(*m_vault, storage, m_later)), std::optional(storage));
    Upload upload{"abc", "Käse.png", "image/png", "0123", R"({"default":"hide"})", std::chrono::seconds(60)};
    QCOMPARE(readUploadToken(*m_vault, issueToken(*m_vault, upload, m_later)), std::optional(upload));
    upload.lifetime.reset();
    QCOMPARE(readUploadToken(*m_vault, issueToken(*m_vault, upload, m_later)), std::optional(upload));
}

void TestTokens::keepsTheKindsApart()
{
    const std::string app = issueToken(*m_vault, AppToken{{"one"}, "0123", false}, m_later);
    const std::string storage = issueToken(*m_vault, StorageToken{"0123"}, m_later);
    const std::string upload = issueToken(*m_vault, Upload{"abc", "x", "a/b", "0123", "", {}}, m_later);
    QVERIFY(!readStorageToken(*m_vault, app) && !readUploadToken(*m_vault, app));
    QVERIFY(!readAppToken(*m_vault, storage) && !readUploadToken(*m_vault, storage));
    QVERIFY(!readAppToken(*m_vault, upload) && !readStorageToken(*m_vault, upload));
    const std::string other = m_vault->issueToken(R"([1])", m_later); // signed, and yet none of these
    QVERIFY(!readAppToken(*m_vault, other) && !readStorageToken(*m_vault, other) && !readUploadToken(*m_vault, other));
}

void TestTokens::refusesWhatIsNotOurs_data()
{
    QTest::addColumn<QByteArray>("text");
    const QByteArray good = QByteArray::fromStdString(issueToken(*m_vault, AppToken{{"one"}, "0123", false}, m_later));
    QTest::newRow("nothing") << QByteArray();
    QTest::newRow("a dot") << QByteArray(".");
    QTest::newRow("no signature") << good.left(good.indexOf('.') + 1);
    QTest::newRow("cut") << good.left(good.size() - 4);
    QTest::newRow("longer") << good + "AAAA";
    QTest::newRow("not base64") << QByteArray("!!!!.????");
    QTest::newRow("another signature") << good.left(good.indexOf('.') + 1) + QByteArray(43, 'A');
    QByteArray changed = good;
    changed[10] = changed[10] == 'A' ? 'B' : 'A';
    QTest::newRow("changed") << changed;
}

void TestTokens::refusesWhatIsNotOurs()
{
    QFETCH(const QByteArray, text);
    QVERIFY(!readAppToken(*m_vault, text.toStdString()));
}

void TestTokens::refusesAnotherHosts()
{
    const store::Vault other = open("other.key");
    QVERIFY(!readAppToken(*m_vault, issueToken(other, AppToken{{"one"}, "0123", false}, m_later)));
}

void TestTokens::refusesWhatHasExpired()
{
    const std::string text = issueToken(*m_vault, StorageToken{"0123"}, wallClockNow() - std::chrono::milliseconds(1));
    QVERIFY(!readStorageToken(*m_vault, text));
}

void TestTokens::findsTheTokenOfACall()
{
    http::Request call;
    QCOMPARE(bearerToken(call), std::string());
    call.headers.set("Authorization", "Key id:secret");
    QCOMPARE(bearerToken(call), std::string());
    call.headers.set("Authorization", "Bearer abc");
    QCOMPARE(bearerToken(call), std::string("abc"));
    call.query["fal_jwt_token"] = "def";
    QCOMPARE(bearerToken(call), std::string("def"));
}

QTEST_GUILESS_MAIN(TestTokens)
#include "tst_wire_tokens.moc"
