// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/domain/request.h"
#include "engine/base/result.h"

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

namespace tintype::store {

/// The calls whose callers wait on a connection. Such a call is not run again after a crash, so it needs no row: one line
/// of a file, from which the next run of the host makes its record. A line is one write(), which the system keeps when
/// this process is killed. Not for use from two threads.
class CallJournal {
public:
    /// Reads what the last run left.
    static Result<CallJournal> open(const std::filesystem::path& file);

    CallJournal(CallJournal&& other) noexcept;
    CallJournal& operator=(CallJournal&&) = delete;
    ~CallJournal();

    /// Those of the last run that may have no record: they count as begun here.
    const std::vector<domain::Request>& leftOver() const { return m_leftOver; }
    void forgetLeftOver() { m_leftOver.clear(); }

    /// Call before it runs. @error Io: it is not kept
    Result<> begin(const domain::Request& request);
    void end(const std::string& id); ///< its record is committed
    bool has(const std::string& id) const { return m_lines.contains(id); }

    /// Takes out what has ended, by a new file in place of the old one. Call now and then: records expire, lines must not
    /// outlive them. begin() does it when the file has grown large.
    Result<> tidy();

private:
    CallJournal(std::filesystem::path file, int descriptor);
    Result<> readLeftOver();
    Result<> write(std::string_view text);
    Error failure(const char* what) const;

    std::filesystem::path m_file;
    int m_descriptor;
    std::size_t m_size = 0;
    std::size_t m_openBytes = 0;
    std::unordered_map<std::string, std::string> m_lines; ///< of the calls that have not ended
    std::vector<domain::Request> m_leftOver;
};

} // namespace tintype::store
