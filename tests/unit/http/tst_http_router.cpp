// SPDX-License-Identifier: Apache-2.0
#include "deploy/http/router.h"

#include <QTest>

using namespace tintype::http;

namespace {

RouteTable table()
{
    RouteTable table;
    for (const auto& [method, pattern] :
        std::vector<std::pair<std::string, std::string>>{{"GET", "/v1/apps"}, {"POST", "/v1/apps"},
            {"GET", "/v1/apps/{name}"}, {"DELETE", "/v1/apps/{name}"}, {"GET", "/v1/apps/{name}/revisions/{id}"},
            {"GET", "/v1/apps/new"}, {"POST", "/{owner}/{app}/{path...}"}, {"GET", "/{owner}/{app}/requests/{id}"},
            {"WS", "/{owner}/{app}/{path...}"}, {"GET", "/files/{path...}"}, {"GET", "/"}})
        table.add({.method = method, .pattern = pattern});
    return table;
}

Request request(std::string method, std::string path)
{
    return {.method = std::move(method), .path = std::move(path)};
}

} // namespace

class TestHttpRouter : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void findsTheRoute_data()
    {
        QTest::addColumn<QByteArray>("method");
        QTest::addColumn<QByteArray>("path");
        QTest::addColumn<QByteArray>("pattern");
        const auto row = [](const char* name, const char* method, const char* path, const char* pattern) {
            QTest::newRow(name) << QByteArray(method) << QByteArray(path) << QByteArray(pattern);
        };
        row("root", "GET", "/", "/");
        row("literal", "GET", "/v1/apps", "/v1/apps");
        row("slash at the end", "GET", "/v1/apps/", "/v1/apps");
        row("parameter", "GET", "/v1/apps/a", "/v1/apps/{name}");
        row("literal wins over parameter", "GET", "/v1/apps/new", "/v1/apps/new");
        row("by method", "DELETE", "/v1/apps/new", "/v1/apps/{name}");
        row("HEAD is GET's", "HEAD", "/v1/apps/a", "/v1/apps/{name}");
        row("two parameters", "GET", "/v1/apps/a/revisions/7", "/v1/apps/{name}/revisions/{id}");
        row("rest of nothing", "POST", "/local/app", "/{owner}/{app}/{path...}");
        row("rest", "POST", "/local/app/a/b", "/{owner}/{app}/{path...}");
        row("literal before rest", "GET", "/local/app/requests/1", "/{owner}/{app}/requests/{id}");
        row("rest of files", "GET", "/files/a/b/c", "/files/{path...}");
    }
    void findsTheRoute()
    {
        QFETCH(QByteArray, method);
        QFETCH(QByteArray, path);
        QFETCH(QByteArray, pattern);
        const auto routes = table();
        auto asked = request(method.toStdString(), path.toStdString());
        const auto match = routes.match(asked);
        QVERIFY(match.route);
        QCOMPARE(match.route->pattern, pattern.toStdString());
        QVERIFY(match.allowed.empty());
    }

    void fillsParameters()
    {
        const auto routes = table();
        auto asked = request("POST", "/local/app/a/b/");
        routes.match(asked);
        using Parameters = std::map<std::string, std::string>;
        QCOMPARE(asked.parameters, (Parameters{{"owner", "local"}, {"app", "app"}, {"path", "a/b"}}));
        asked = request("POST", "/local/app");
        routes.match(asked);
        QCOMPARE(asked.parameters, (Parameters{{"owner", "local"}, {"app", "app"}, {"path", ""}}));
    }

    void saysWhatIsAllowed()
    {
        const auto routes = table();
        auto asked = request("PATCH", "/v1/apps/x");
        const auto match = routes.match(asked);
        QVERIFY(!match.route);
        const auto response = noRoute(match, asked);
        QCOMPARE(response.status, 405);
        QCOMPARE(response.headers.value("Allow"), std::string_view("GET, DELETE, POST"));
    }

    void knowsWhatIsNotThere()
    {
        const auto routes = table();
        auto asked = request("POST", "/local");
        const auto match = routes.match(asked);
        QVERIFY(!match.route);
        QVERIFY(match.allowed.empty());
        QCOMPARE(noRoute(match, asked).status, 404);
    }

    void handshakesPreferSockets()
    {
        const auto routes = table();
        auto asked = request("GET", "/local/app/requests/1");
        asked.headers.add("upgrade", "h2c, WebSocket");
        QCOMPARE(routes.match(asked).route->method, std::string("WS"));
        asked = request("GET", "/");
        asked.headers.add("Upgrade", "websocket");
        QCOMPARE(routes.match(asked).route->pattern, std::string("/"));
        asked = request("GET", "/local/app/realtime"); // no handshake: the server answers 426
        QCOMPARE(routes.match(asked).route->method, std::string("WS"));
        asked = request("POST", "/local/app/realtime");
        asked.headers.add("Upgrade", "websocket");
        QCOMPARE(routes.match(asked).route->method, std::string("POST"));
    }
};

QTEST_GUILESS_MAIN(TestHttpRouter)
#include "tst_http_router.moc"
