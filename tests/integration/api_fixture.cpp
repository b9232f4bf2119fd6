// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/api_fixture.h"

#include <QCryptographicHash>
#include <QNetworkReply>
#include <QTest>
#include <algorithm>

namespace tintype::test {
namespace {

const std::string kFileContent = "weights of nothing";

} // namespace

class ApiHost::Resolver final : public http::RequestResolver {
public:
    explicit Resolver(const api::Api& api) { api.addTo(table); }

    std::variant<const http::Route*, http::Response> resolve(http::Request& head) override
    {
        const auto match = table.match(head);
        if (match.route)
            return match.route;
        return http::noRoute(match, head);
    }
    void finish(const http::Request&, http::Response&) override {}

    http::RouteTable table;
};

ApiHost::ApiHost(const char* script, bool keyless)
{
    qputenv("TINTYPE_FAKE_WORKER", script);
    runtime::HostOptions options;
    options.dataFolder = m_folder.path().toStdString();
    options.workerProgram = FAKE_WORKER;
    auto host = runtime::Host::open(options);
    if (!host)
        qFatal("%s", host.error().message.c_str());
    m_host = *std::move(host);
    m_api = std::make_unique<api::Api>(*m_host,
        api::ApiOptions{.loopbackListeners = keyless ? std::set<std::string>{"main"} : std::set<std::string>(),
            .connectionCount = [this] { return m_server->connectionCount(); },
            .listenerPorts = {}});
    m_resolver = std::make_unique<Resolver>(*m_api);
    m_server = std::make_unique<http::Server>(*m_resolver, http::Limits(), options.dataFolder + "/spool");
    const auto port = m_server->listen("main", {.host = "127.0.0.1", .port = 0}, std::nullopt);
    if (!port)
        qFatal("%s", port.error().message.c_str());
    m_port = *port;
}

ApiHost::~ApiHost()
{
    m_host->apps().shutDown();
    std::ignore = QTest::qWaitFor([this] { return !m_host->apps().hasLiveReplicas(); }, 10'000);
    m_server.reset();
    m_api.reset();
}

const http::RouteTable& ApiHost::routes() const { return m_resolver->table; }

Answer ApiHost::send(const std::string& method, const std::string& path, const std::string& body, const std::string& key)
{
    QNetworkRequest request(QUrl(QStringLiteral("http://127.0.0.1:%1%2").arg(m_port).arg(QString::fromStdString(path))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    if (!key.empty())
        request.setRawHeader("Authorization", QByteArray::fromStdString("Key " + key));
    const std::unique_ptr<QNetworkReply> reply(
        m_network.sendCustomRequest(request, QByteArray::fromStdString(method), QByteArray::fromStdString(body)));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, 20'000))
        return {};
    Answer answer{.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(),
        .body = reply->readAll().toStdString()};
    answer.json = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    return answer;
}

std::unique_ptr<QWebSocket> ApiHost::open(const std::string& path, const std::string& key)
{
    auto socket = std::make_unique<QWebSocket>();
    QNetworkRequest request(QUrl(QStringLiteral("ws://127.0.0.1:%1%2").arg(m_port).arg(QString::fromStdString(path))));
    if (!key.empty())
        request.setRawHeader("Authorization", QByteArray::fromStdString("Key " + key));
    bool hasFailed = false;
    QObject::connect(socket.get(), qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), socket.get(), [&hasFailed] { hasFailed = true; });
    socket->open(request);
    std::ignore = QTest::qWaitFor([&] { return hasFailed || socket->state() == QAbstractSocket::ConnectedState; }, 10'000);
    socket->disconnect();
    return socket;
}

Json ApiHost::deployment(const std::string& name)
{
    const std::string definition = "name: " + name + R"(
machine_type: XS
requirements: ["file:model"]
keep_alive: 60
setup: {model: "file:model"}
endpoints:
  /: {task: text-to-image}
)";
    return {{"definition", definition},
        {"files", Json::array({Json{{"path", "model/weights.txt"}, {"sha256", sha256(kFileContent)}, {"size", kFileContent.size()}}})}};
}

Answer ApiHost::pushFile()
{
    const std::string hash = sha256(kFileContent);
    send("PUT", "/v1/blobs/" + hash + "?offset=0&size=" + std::to_string(kFileContent.size()), kFileContent);
    return post("/v1/blobs/" + hash + "/commit");
}

Answer ApiHost::deploy(const std::string& name, const Json& extra)
{
    pushFile();
    Json body = deployment(name);
    body.update(extra);
    Answer answer = post("/v1/deployments", body);
    std::ignore = QTest::qWaitFor(
        [&] {
            const auto info = m_host->apps().info(name);
            return answer.status != 200 || (info && !info->rolling);
        },
        20'000);
    return answer;
}

std::string ApiHost::submit(const std::string& app, const std::string& key)
{
    domain::Request request;
    request.app = app;
    request.input = R"({"prompt": "a red circle", "num_inference_steps": 4})";
    request.submittedAt = wallClockNow();
    request.keyId = key.substr(0, key.find(':'));
    std::string id;
    bool isAnswered = false;
    m_host->requests().submit(request, {}, [&](const Result<runtime::Accepted>& accepted) {
        isAnswered = true;
        if (accepted)
            id = accepted->id;
    });
    std::ignore = QTest::qWaitFor([&isAnswered] { return isAnswered; }, 10'000);
    return id;
}

bool ApiHost::waitUntilDone(const std::string& request)
{
    return QTest::qWaitFor(
        [&] {
            const auto view = m_host->requests().view(request);
            return view && view->state == domain::RequestState::Done;
        },
        20'000);
}

std::string ApiHost::makeKey(const std::string& scope)
{
    return post("/v1/keys", {{"scope", scope}, {"description", "test"}}).json.value("key", "");
}

std::string sha256(const std::string& bytes)
{
    return QCryptographicHash::hash(QByteArray::fromStdString(bytes), QCryptographicHash::Sha256).toHex().toStdString();
}

Messages::Messages(QWebSocket& socket)
{
    connect(&socket, &QWebSocket::textMessageReceived, this, [this](const QString& text) {
        all.push_back(Json::parse(text.toStdString(), nullptr, /*allow_exceptions=*/false));
    });
}

bool Messages::has(const std::string& type) const { return last(type) != nullptr; }

const Json* Messages::last(const std::string& type) const
{
    const auto found = std::find_if(all.rbegin(), all.rend(), [&type](const Json& message) { return message["type"] == type; });
    return found == all.rend() ? nullptr : &*found;
}

} // namespace tintype::test
