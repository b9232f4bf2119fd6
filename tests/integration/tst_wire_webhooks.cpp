// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/digest.h"
#include "deploy/store/stores.h"
#include "deploy/wire/webhooks.h"
#include "tests/integration/wire_fixture.h"

#include <QTest>
#include <deque>

using namespace tintype;
using namespace tintype::test;

namespace {

constexpr int kPatience = 20'000; ///< ms

/// Takes webhooks and answers with the statuses that it is told, then with 200. 0 = never.
class Receiver final : public http::RequestResolver {
public:
    Receiver()
        : m_server(*this, {}, m_spool.path().toStdString())
    {
        m_table.add({.method = "POST", .pattern = "/hook", .handle = [this](http::Request call, http::Responder responder) {
                         received.push_back(std::move(call));
                         const int status = answers.empty() ? 200 : answers.front();
                         if (!answers.empty())
                             answers.pop_front();
                         if (status == 0)
                             return unanswered.push_back(std::move(responder));
                         http::Response response = http::Response::text(status, "thanks");
                         if (status == 302)
                             response.headers.set("Location", "/elsewhere");
                         responder.send(std::move(response));
                     }});
        m_port = m_server.listen("main", {.host = "127.0.0.1", .port = 0}, std::nullopt).value_or(0);
    }

    std::variant<const http::Route*, http::Response> resolve(http::Request& head) override
    {
        const auto match = m_table.match(head);
        if (match.route)
            return match.route;
        return http::noRoute(match, head);
    }
    void finish(const http::Request&, http::Response&) override {}

    std::string url() const { return "http://127.0.0.1:" + std::to_string(m_port) + "/hook"; }
    bool waitFor(std::size_t wanted)
    {
        return QTest::qWaitFor([this, wanted] { return received.size() >= wanted; }, kPatience);
    }

    std::deque<int> answers;
    std::vector<http::Request> received;
    std::vector<http::Responder> unanswered;

private:
    QTemporaryDir m_spool;
    http::RouteTable m_table;
    http::Server m_server;
    int m_port = 0;
};

const wire::WebhookPolicy kImpatient{
    .timeout = std::chrono::milliseconds(300), .waits = {std::chrono::milliseconds(1), std::chrono::milliseconds(2), std::chrono::milliseconds(3)}};

/// A host with webhooks of its own policy, without its wire: requests come straight to it.
class Site {
public:
    explicit Site(bool allowsPrivate = true, const std::string& folder = {})
    {
        qputenv("TINTYPE_FAKE_WORKER", "step_ms=1");
        runtime::HostOptions options;
        options.dataFolder = folder.empty() ? m_folder.path().toStdString() : folder;
        options.workerProgram = FAKE_WORKER;
        options.allowPrivateWebhooks = allowsPrivate;
        options.owner = "ann";
        host = runtime::Host::open(options).value();
        context.emplace(wire::WireContext{*host, {}});
        webhooks = std::make_unique<wire::Webhooks>(*context, kImpatient);
    }

    /// Ends a request for real, in place of an app that would: with a record in the store.
    void finish(const std::string& id, const std::string& url)
    {
        domain::Record record;
        record.request.id = id;
        record.request.app = "app";
        record.request.webhook = url;
        record.output = R"({"images":[]})";
        record.finishedAt = record.startedAt = record.request.submittedAt = wallClockNow();
        Q_EMIT host->requests().finished(record);
    }

    std::size_t pending()
    {
        host->stores().writer().flush();
        return store::pendingWebhooks(host->stores().reader()).value().size();
    }

    QTemporaryDir m_folder;
    std::unique_ptr<runtime::Host> host;
    std::optional<wire::WireContext> context;
    std::unique_ptr<wire::Webhooks> webhooks;
};

} // namespace

class TestWireWebhooks : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void tellsTheEndOfAQueuedRequest();
    void signsWhatItSends();
    void triesAgain_data();
    void triesAgain();
    void givesUp();
    void survivesTheHost();
    void forgetsRequestsThatAreGone();
    void refusesPrivateAddressesIfSo_data();
    void refusesPrivateAddressesIfSo();
};

void TestWireWebhooks::tellsTheEndOfAQueuedRequest()
{
    Receiver receiver;
    WireHost site;
    site.deploy("open");
    const std::string query = "?fal_webhook=" + http::percentEncoded(receiver.url());
    const Answer good = site.submit("/local/open" + query, prompt());
    QVERIFY(receiver.waitFor(1));
    const Json body = Json::parse(receiver.received[0].body);
    QCOMPARE(body["request_id"], good.json["request_id"]);
    QCOMPARE(body["status"], Json("OK"));
    QCOMPARE(body["payload"]["images"].size(), std::size_t{1});
    site.submit("/local/open" + query, Json::object());
    QVERIFY(receiver.waitFor(2));
    const Json failed = Json::parse(receiver.received[1].body);
    QCOMPARE(failed["status"], Json("ERROR"));
    QVERIFY(failed["error"].is_string());
    QVERIFY(failed["payload"]["detail"].is_array());
    QCOMPARE(site.send("POST", "/local/open" + query, prompt().dump(), {}, "fal.run").status, 200);
    QCOMPARE(receiver.received.size(), std::size_t{2}); // who waits for the answer needs no webhook
}

void TestWireWebhooks::signsWhatItSends()
{
    Receiver receiver;
    Site site;
    site.finish("a-1", receiver.url());
    QVERIFY(receiver.waitFor(1));
    const http::Request& call = receiver.received[0];
    QCOMPARE(call.headers.value("X-Fal-Webhook-User-Id"), std::string_view("ann"));
    const std::string message = "a-1\nann\n" + std::string(call.headers.value("X-Fal-Webhook-Timestamp")) + "\n" + store::sha256(call.body);
    QCOMPARE(call.headers.value("X-Fal-Webhook-Signature"), std::string_view(store::hexOf(site.host->stores().vault().sign(message))));
    QTRY_COMPARE_WITH_TIMEOUT(site.pending(), std::size_t{0}, kPatience);
}

void TestWireWebhooks::triesAgain_data()
{
    QTest::addColumn<int>("status");
    QTest::newRow("an error of the receiver") << 500;
    QTest::newRow("a refusal") << 404;
    QTest::newRow("a redirection, which is not followed") << 302;
    QTest::newRow("silence") << 0;
}

void TestWireWebhooks::triesAgain()
{
    QFETCH(const int, status);
    Receiver receiver;
    receiver.answers = {status, status};
    Site site;
    site.finish("a-1", receiver.url());
    QVERIFY(receiver.waitFor(3));
    QTRY_COMPARE_WITH_TIMEOUT(site.pending(), std::size_t{0}, kPatience);
    QCOMPARE(receiver.received.size(), std::size_t{3});
    QCOMPARE(receiver.received[0].body, receiver.received[2].body);
}

void TestWireWebhooks::givesUp()
{
    Receiver receiver;
    receiver.answers = {500, 500, 500, 500, 500, 500};
    Site site;
    site.finish("a-1", receiver.url());
    QVERIFY(receiver.waitFor(4));
    QTRY_COMPARE_WITH_TIMEOUT(site.pending(), std::size_t{0}, kPatience);
    QCOMPARE(receiver.received.size(), std::size_t{4}); // one and three more
    QVERIFY(site.host->logs().ofRequest("a-1").back().text.find("given up") != std::string::npos);
}

void TestWireWebhooks::survivesTheHost()
{
    QTemporaryDir folder;
    Receiver receiver;
    {
        Site site(true, folder.path().toStdString());
        receiver.answers = {0};
        site.finish("a-1", receiver.url());
        QVERIFY(receiver.waitFor(1));
        QCOMPARE(site.pending(), std::size_t{1});
    }
    Site site(true, folder.path().toStdString());
    QVERIFY(receiver.waitFor(2));
    QCOMPARE(receiver.received[1].body, receiver.received[0].body);
    QTRY_COMPARE_WITH_TIMEOUT(site.pending(), std::size_t{0}, kPatience);
}

void TestWireWebhooks::forgetsRequestsThatAreGone()
{
    QTemporaryDir folder;
    {
        Site site(true, folder.path().toStdString());
        domain::Request request;
        request.id = "a-1";
        request.webhook = "http://127.0.0.1:1/hook";
        Q_EMIT site.host->requests().accepted(request);
        QCOMPARE(site.pending(), std::size_t{1}); // kept from its acceptance on
    }
    Site site(true, folder.path().toStdString());
    QCOMPARE(site.pending(), std::size_t{0});
}

void TestWireWebhooks::refusesPrivateAddressesIfSo_data()
{
    QTest::addColumn<bool>("byName");
    QTest::newRow("address") << false;
    QTest::newRow("name") << true;
}

void TestWireWebhooks::refusesPrivateAddressesIfSo()
{
    QFETCH(const bool, byName);
    Receiver receiver;
    Site site(/*allowsPrivate=*/false);
    std::string url = receiver.url();
    if (byName)
        url.replace(url.find("127.0.0.1"), 9, "localhost");
    site.finish("a-1", url);
    QTRY_COMPARE_WITH_TIMEOUT(site.pending(), std::size_t{0}, kPatience);
    QVERIFY(receiver.received.empty());
    QVERIFY(site.host->logs().ofRequest("a-1").back().text.find("private") != std::string::npos);
}

QTEST_GUILESS_MAIN(TestWireWebhooks)
#include "tst_wire_webhooks.moc"
