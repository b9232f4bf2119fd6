// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/wire_fixture.h"

#include <QCryptographicHash>
#include <QFile>
#include <QNetworkReply>
#include <QTest>

namespace tintype::test {
namespace {

constexpr int kPatience = 20'000; ///< ms: only a broken host takes as long

/// The one file of every deployment, in the blob store.
store::StoredFile pushFile(store::Stores& stores, const QString& folder)
{
    const QByteArray content("weights of nothing");
    const std::string hash = QCryptographicHash::hash(content, QCryptographicHash::Sha256).toHex().toStdString();
    QFile file(folder + QStringLiteral("/weights"));
    if (!file.open(QIODevice::WriteOnly) || file.write(content) != content.size())
        qFatal("the test cannot write");
    file.close();
    const auto size = static_cast<std::uint64_t>(content.size());
    if (!stores.blobs().has(hash)) {
        if (!stores.blobs().append(hash, 0, size, file.fileName().toStdString()) || !stores.blobs().commit(hash))
            qFatal("the test cannot push");
    }
    return {"model/weights.txt", hash, size};
}

} // namespace

std::string Answer::header(const std::string& name) const
{
    for (const auto& [field, value] : headers) {
        if (http::sameName(field, name))
            return value;
    }
    return {};
}

std::vector<Json> eventsOf(const std::string& body)
{
    std::vector<Json> events;
    for (std::size_t begin = body.find("data: "); begin != std::string::npos; begin = body.find("data: ", begin + 1))
        events.push_back(Json::parse(body.substr(begin + 6, body.find('\n', begin) - begin - 6), nullptr, /*allow_exceptions=*/false));
    return events;
}

WireHost::WireHost(const char* script, runtime::HostOptions options)
{
    qputenv("TINTYPE_FAKE_WORKER", script);
    if (options.dataFolder.empty())
        options.dataFolder = m_folder.path().toStdString();
    options.workerProgram = FAKE_WORKER;
    auto host = runtime::Host::open(options);
    if (!host)
        qFatal("%s", host.error().message.c_str());
    m_host = *std::move(host);
    m_wire = std::make_unique<wire::Wire>(*m_host, m_own, std::set<std::string>());
    m_server = std::make_unique<http::Server>(m_wire->resolver(), http::Limits(), options.dataFolder + "/tmp");
    const auto port = m_server->listen("main", {.host = "127.0.0.1", .port = 0}, std::nullopt);
    if (!port)
        qFatal("%s", port.error().message.c_str());
    m_port = *port;
}

WireHost::~WireHost()
{
    m_host->apps().shutDown();
    std::ignore = QTest::qWaitFor([this] { return !m_host->apps().hasLiveReplicas(); }, kPatience);
    m_server.reset();
}

std::string WireHost::url(const std::string& path, const std::string& scheme) const
{
    return scheme + "://127.0.0.1:" + std::to_string(m_port) + path;
}

void WireHost::deploy(const std::string& name, const std::string& auth, const std::string& more)
{
    runtime::DeployRequest request;
    request.definition = "name: " + name + "\nauth: " + auth + R"(
machine_type: XS
requirements: ["file:model"]
keep_alive: 60
setup: {model: "file:model"}
)" + more;
    request.files = {pushFile(m_host->stores(), m_folder.path())};
    request.message = "a test";
    std::optional<Result<runtime::DeployReceipt>> receipt;
    m_host->apps().deploy(request, [&receipt](Result<runtime::DeployReceipt> outcome) { receipt = std::move(outcome); });
    std::ignore = QTest::qWaitFor(
        [&] {
            const auto info = m_host->apps().info(name);
            return (receipt && !*receipt) || (receipt && info && !info->rolling && !info->revision.empty());
        },
        kPatience);
    if (!receipt || !*receipt)
        qFatal("%s", receipt ? receipt->error().message.c_str() : "no answer to a deploy");
}

std::string WireHost::makeKey(store::Scope scope)
{
    std::string text;
    bool isDone = false;
    m_host->stores().writer().write(
        [&text, scope](store::Database& database) -> Result<> {
            TINTYPE_TRY_ASSIGN(const auto key, store::KeyStore::create(database, scope, "test"));
            text = key.text;
            return {};
        },
        [&isDone](const Result<>&) { isDone = true; });
    std::ignore = QTest::qWaitFor([&isDone] { return isDone; }, kPatience);
    m_host->stores().refreshKeys();
    return text;
}

Answer WireHost::send(const std::string& method, const std::string& path, const std::string& body, const HeaderList& headers,
    const std::string& host)
{
    QNetworkRequest request(QUrl::fromEncoded(QByteArray::fromStdString(url(path))));
    request.setHeader(QNetworkRequest::ContentTypeHeader, QByteArray("application/json"));
    if (!host.empty())
        request.setRawHeader("Host", QByteArray::fromStdString(host));
    for (const auto& [name, value] : headers)
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    const std::unique_ptr<QNetworkReply> reply(method == "HEAD" // as a custom verb Qt would wait for a body
            ? m_network.head(request)
            : m_network.sendCustomRequest(request, QByteArray::fromStdString(method), QByteArray::fromStdString(body)));
    if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }, kPatience))
        return {};
    Answer answer{.status = reply->attribute(QNetworkRequest::HttpStatusCodeAttribute).toInt(), .body = reply->readAll().toStdString()};
    answer.json = Json::parse(answer.body, nullptr, /*allow_exceptions=*/false);
    for (const auto& [name, value] : reply->rawHeaderPairs())
        answer.headers.emplace_back(name.toStdString(), value.toStdString());
    return answer;
}

Answer WireHost::follow(const std::string& method, const std::string& url, const std::string& body, const HeaderList& headers)
{
    const auto name = url.find("://") + 3;
    const auto path = url.find('/', name);
    return send(method, url.substr(path), body, headers, url.substr(name, path - name));
}

Answer WireHost::submit(const std::string& path, const Json& input, const HeaderList& headers)
{
    return send("POST", path, input.dump(), headers, "queue.fal.run");
}

Answer WireHost::waitUntilDone(const std::string& statusUrl)
{
    Answer answer;
    std::ignore = QTest::qWaitFor(
        [&] {
            answer = follow("GET", statusUrl);
            return answer.status != 202;
        },
        kPatience);
    return answer;
}

std::unique_ptr<QWebSocket> WireHost::open(const std::string& path, const HeaderList& headers)
{
    auto socket = std::make_unique<QWebSocket>();
    QNetworkRequest request(QUrl::fromEncoded(QByteArray::fromStdString(url(path, "ws"))));
    for (const auto& [name, value] : headers)
        request.setRawHeader(QByteArray::fromStdString(name), QByteArray::fromStdString(value));
    bool hasFailed = false;
    QObject context;
    QObject::connect(socket.get(), qOverload<QAbstractSocket::SocketError>(&QWebSocket::error), &context, [&hasFailed] { hasFailed = true; });
    socket->open(request);
    std::ignore = QTest::qWaitFor([&] { return hasFailed || socket->state() == QAbstractSocket::ConnectedState; }, kPatience);
    return socket;
}

} // namespace tintype::test
