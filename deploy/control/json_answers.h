// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/control/control.h"
#include "deploy/control/http_transport.h"
#include "deploy/control/json_values.h"

#include <QUrlQuery>
#include <memory>
#include <utility>

// Answers of the API on their way into futures. Included by .cpp files only.

namespace tintype::control {

/// @error Protocol: no JSON object
Result<Json> jsonOf(const HttpAnswer& answer);

/// The future of a call whose answer `decode` makes a T of.
template <class T, class Decode>
Future<T> ask(HttpTransport& transport, const HttpCall& call, Decode decode)
{
    return transport.send(call).then([decode](const Result<HttpAnswer>& answer) -> Result<T> {
        if (!answer)
            return tl::unexpected(answer.error());
        TINTYPE_TRY_ASSIGN(const Json object, jsonOf(*answer));
        return decode(object);
    });
}

/// The future of a call whose answer says no more than that it was done.
inline Future<> tell(HttpTransport& transport, const HttpCall& call)
{
    return transport.send(call).then([](const Result<HttpAnswer>& answer) -> Result<> {
        if (!answer)
            return tl::unexpected(answer.error());
        return {};
    });
}

template <class T, class Decode>
Page<T> pageFrom(const Json& object, Decode decode)
{
    Page<T> page;
    if (const Json& items = fieldOf(object, "items"); items.is_array()) {
        for (const Json& item : items)
            page.items.push_back(decode(item));
    }
    page.next = textOf(object, "next_cursor");
    return page;
}

template <class T, class Decode>
Future<Page<T>> askPage(HttpTransport& transport, const HttpCall& call, Decode decode)
{
    return ask<Page<T>>(transport, call, [decode](const Json& object) { return pageFrom<T>(object, decode); });
}

/// All pages of a list, one after the other.
template <class T, class Decode>
class PageCollector {
public:
    PageCollector(HttpTransport& transport, HttpCall call, Decode decode)
        : m_transport(transport)
        , m_call(std::move(call))
        , m_decode(decode)
    {
        m_promise.start();
    }

    static Future<std::vector<T>> collect(HttpTransport& transport, const HttpCall& call, Decode decode)
    {
        auto collector = std::make_shared<PageCollector>(transport, call, decode);
        const auto future = collector->m_promise.future();
        next(collector, {});
        return future;
    }

private:
    static void next(const std::shared_ptr<PageCollector>& self, const std::string& cursor)
    {
        HttpCall call = self->m_call;
        QUrlQuery query(call.url);
        query.addQueryItem(QStringLiteral("limit"), QStringLiteral("200"));
        if (!cursor.empty())
            query.addQueryItem(QStringLiteral("cursor"), QString::fromLatin1(QUrl::toPercentEncoding(QString::fromStdString(cursor))));
        call.url.setQuery(query);
        askPage<T>(self->m_transport, call, self->m_decode).then([self](const Result<Page<T>>& page) {
            if (!page) {
                self->finish(tl::unexpected(page.error()));
                return;
            }
            self->m_items.insert(self->m_items.end(), page->items.begin(), page->items.end());
            if (page->next.empty())
                self->finish(std::move(self->m_items));
            else
                next(self, page->next);
        });
    }

    void finish(Result<std::vector<T>> result)
    {
        m_promise.addResult(std::move(result));
        m_promise.finish();
    }

    HttpTransport& m_transport;
    HttpCall m_call;
    Decode m_decode;
    std::vector<T> m_items;
    QPromise<Result<std::vector<T>>> m_promise;
};

template <class T, class Decode>
Future<std::vector<T>> askAll(HttpTransport& transport, const HttpCall& call, Decode decode)
{
    return PageCollector<T, Decode>::collect(transport, call, decode);
}

} // namespace tintype::control
