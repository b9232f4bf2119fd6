// SPDX-License-Identifier: Apache-2.0
#include "deploy/wire/wire.h"

#include "deploy/wire/document_routes.h"
#include "deploy/wire/file_routes.h"
#include "deploy/wire/queue_routes.h"
#include "deploy/wire/resolver.h"
#include "deploy/wire/run_routes.h"
#include "deploy/wire/socket_routes.h"
#include "deploy/wire/storage_routes.h"
#include "deploy/wire/token_routes.h"
#include "deploy/wire/webhooks.h"

namespace tintype::wire {

struct Wire::Parts {
    Parts(runtime::Host& host, std::set<std::string> loopbackListeners)
        : context{host, std::move(loopbackListeners)}
        , run(context)
        , queue(context)
        , storage(context)
        , files(context)
        , tokens(context)
        , sockets(context)
        , documents(context)
        , webhooks(context)
    {
    }

    WireContext context;
    Resolver resolver;
    RunRoutes run;
    QueueRoutes queue;
    StorageRoutes storage;
    FileRoutes files;
    TokenRoutes tokens;
    SocketRoutes sockets;
    DocumentRoutes documents;
    Webhooks webhooks;
};

Wire::Wire(runtime::Host& host, const http::RouteTable& own, std::set<std::string> loopbackListeners)
    : m_parts(std::make_unique<Parts>(host, std::move(loopbackListeners)))
{
    Resolver& resolver = m_parts->resolver;
    for (const http::Route& route : own.routes())
        resolver.table(HostClass::Local).add(route);
    for (const HostClass runs : {HostClass::Run, HostClass::Local})
        m_parts->run.addTo(resolver.table(runs));
    m_parts->queue.addSubmitTo(resolver.table(HostClass::Queue));
    for (const HostClass any : kHostClasses) { // an answer's URLs lead back to whichever name or port the caller used
        m_parts->queue.addRequestsTo(resolver.table(any));
        m_parts->storage.addUploadsTo(resolver.table(any));
        m_parts->files.addTo(resolver.table(any));
    }
    for (const HostClass rests : {HostClass::Rest, HostClass::Local}) {
        m_parts->storage.addTo(resolver.table(rests));
        m_parts->tokens.addTo(resolver.table(rests));
        m_parts->webhooks.addTo(resolver.table(rests));
        m_parts->documents.addRestTo(resolver.table(rests));
    }
    for (const HostClass sockets : {HostClass::Run, HostClass::Websocket, HostClass::Local})
        m_parts->sockets.addTo(resolver.table(sockets));
    for (const HostClass apps : {HostClass::Run, HostClass::Queue, HostClass::Local})
        m_parts->documents.addTo(resolver.table(apps));
}

Wire::~Wire() = default;

http::RequestResolver& Wire::resolver() { return m_parts->resolver; }

} // namespace tintype::wire
