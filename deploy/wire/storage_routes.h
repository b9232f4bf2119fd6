// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/runtime/background.h"
#include "deploy/http/router.h"
#include "deploy/wire/caller.h"
#include "deploy/wire/tokens.h"

#include <memory>
#include <string>

namespace tintype::wire {

/// Uploads of both client libraries (fal.md 4.1, 4.2). What an upload will become stands in a token within the URL that
/// takes its bytes, so nothing is kept of one that never comes.
class StorageRoutes {
public:
    explicit StorageRoutes(WireContext& context)
        : m_context(context)
    {
    }

    void addTo(http::RouteTable& table);        ///< rest.fal.ai and v3.fal.media: needs a key
    void addUploadsTo(http::RouteTable& table); ///< the URLs that these hand out: their token is enough

private:
    using Handler = void (StorageRoutes::*)(http::Request, http::Responder);

    void add(http::RouteTable& table, const char* method, const char* pattern, Handler handler, std::size_t maxFile = 0);
    void giveToken(http::Request call, http::Responder responder);
    void uploadWhole(http::Request call, http::Responder responder);
    void beginParts(http::Request call, http::Responder responder);
    void initiate(http::Request call, http::Responder responder);
    void putWhole(http::Request call, http::Responder responder);
    void putPart(http::Request call, http::Responder responder);
    void complete(http::Request call, http::Responder responder);

    Result<runtime::Caller> admit(const http::Request& call) const;
    Result<Upload> announced(const http::Request& call, std::string_view name, std::string_view type) const;
    Result<Upload> uploadOf(const http::Request& call) const;
    std::string urlOf(const http::Request& call, const Upload& upload) const;
    http::Response done(const http::Request& call, const Upload& upload) const;
    bool isThere(const Upload& upload) const;
    void keep(const Upload& upload, const std::string& bytes, std::shared_ptr<http::Responder> responder, http::Response answer);

    WireContext& m_context;
    runtime::Background m_background; ///< hashes and joins parts
};

} // namespace tintype::wire
