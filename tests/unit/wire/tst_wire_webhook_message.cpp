// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/webhook_message.h"

#include <QCryptographicHash>
#include <QFloat16> // QCOMPARE of JSON asks whether it is one
#include <QTemporaryDir>
#include <QTest>
#include <nlohmann/json.hpp>

using namespace tintype;
using namespace tintype::wire;
using nlohmann::json;

class TestWebhookMessage : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsASuccess();
    void tellsAFailure();
    void tellsARequestWithoutOutput();
    void signsWhatFalSigns();
    void publishesItsKey();
    void knowsPrivateAddresses_data();
    void knowsPrivateAddresses();

private:
    store::Vault vault() const { return store::Vault::open(m_folder.filePath(QStringLiteral("secret.key")).toStdString()).value(); }

    QTemporaryDir m_folder;
};

void TestWebhookMessage::tellsASuccess()
{
    domain::Record record;
    record.request.id = "a-1";
    record.output = R"({"images":[]})";
    const json body = json::parse(webhookBody(record));
    QCOMPARE(body, json::parse(R"({"request_id":"a-1","gateway_request_id":"a-1","status":"OK","payload":{"images":[]}})"));
}

void TestWebhookMessage::tellsAFailure()
{
    domain::Record record;
    record.request.id = "a-1";
    record.outcome = domain::Outcome::UserError;
    record.status = 422;
    record.error = "the input is \"bad\"";
    record.output = R"({"detail":[{"msg":"x"}]})";
    const json body = json::parse(webhookBody(record));
    QCOMPARE(body["status"], json("ERROR"));
    QCOMPARE(body["error"], json("the input is \"bad\""));
    QCOMPARE(body["payload"]["detail"][0]["msg"], json("x"));
}

void TestWebhookMessage::tellsARequestWithoutOutput()
{
    domain::Record record;
    record.outcome = domain::Outcome::Cancelled;
    QVERIFY(json::parse(webhookBody(record))["payload"].is_null());
}

void TestWebhookMessage::signsWhatFalSigns()
{
    const store::Vault keys = vault();
    const std::string body = R"({"status":"OK"})";
    const auto headers = webhookHeaders(keys, "ann", "a-1", fromMilliseconds(1'700'000'000'999), body);
    QCOMPARE(headers.value("X-Fal-Webhook-Request-Id"), std::string_view("a-1"));
    QCOMPARE(headers.value("X-Fal-Webhook-User-Id"), std::string_view("ann"));
    QCOMPARE(headers.value("X-Fal-Webhook-Timestamp"), std::string_view("1700000000"));
    const auto digest = QCryptographicHash::hash(QByteArray::fromStdString(body), QCryptographicHash::Sha256).toHex().toStdString();
    const std::string signature = keys.sign("a-1\nann\n1700000000\n" + digest);
    const auto hex = QByteArray::fromStdString(signature).toHex().toStdString();
    QCOMPARE(headers.value("X-Fal-Webhook-Signature"), std::string_view(hex));
}

void TestWebhookMessage::publishesItsKey()
{
    const store::Vault keys = vault();
    const json set = json::parse(jwks(keys));
    QCOMPARE(set["keys"].size(), std::size_t{1});
    QCOMPARE(set["keys"][0]["kty"], json("OKP"));
    QCOMPARE(set["keys"][0]["crv"], json("Ed25519"));
    const auto key = QByteArray::fromBase64(QByteArray::fromStdString(set["keys"][0]["x"].get<std::string>()), QByteArray::Base64UrlEncoding);
    QCOMPARE(key, QByteArray::fromStdString(keys.publicKey()));
    QCOMPARE(key.size(), qsizetype{32});
}

void TestWebhookMessage::knowsPrivateAddresses_data()
{
    QTest::addColumn<bool>("expected");
    for (const char* address : {"127.0.0.1", "127.9.9.9", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1", "100.64.0.1", "169.254.169.254",
             "0.0.0.0", "224.0.0.1", "255.255.255.255", "::1", "::", "fe80::1", "fc00::1", "fd12::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "ff02::1"})
        QTest::newRow(address) << true;
    for (const char* address : {"8.8.8.8", "172.32.0.1", "100.128.0.1", "192.167.1.1", "2606:4700::1111", "::ffff:8.8.8.8"})
        QTest::newRow(address) << false;
}

void TestWebhookMessage::knowsPrivateAddresses()
{
    QFETCH(const bool, expected);
    QCOMPARE(isPrivate(QHostAddress(QString::fromUtf8(QTest::currentDataTag()))), expected);
}

QTEST_GUILESS_MAIN(TestWebhookMessage)
#include "tst_wire_webhook_message.moc"
