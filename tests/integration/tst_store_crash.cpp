// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/app_store.h"
#include "deploy/store/digest.h"
#include "deploy/store/request_store.h"
#include "deploy/store/stores.h"
#include "tests/unit/store/store_fixture.h"

#include <csignal>
#include <functional>
#include <map>
#include <set>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>
#include <vector>

using namespace tintype;
using namespace tintype::store;

namespace {

/// A program that tells what it has done, a line each, until it is killed in the middle of its work.
class Victim {
public:
    using Tell = std::function<void(const std::string&)>;

    explicit Victim(const std::function<void(const Tell&)>& work)
    {
        int ends[2]{};
        if (::pipe(ends) != 0)
            qFatal("no pipe");
        m_process = ::fork();
        if (m_process == 0) {
            ::close(ends[0]);
            work([out = ends[1]](const std::string& line) {
                if (::write(out, (line + "\n").c_str(), line.size() + 1) < 0)
                    ::_exit(2);
            });
            ::_exit(1); // works until it is killed, so this is a failure of its own
        }
        ::close(ends[1]);
        m_told = ::fdopen(ends[0], "r");
    }

    /// Reads that many lines, kills it, and gives everything that it told.
    std::vector<std::string> killAfter(int lines)
    {
        std::vector<std::string> told;
        char line[256];
        while (std::ssize(told) < lines && std::fgets(line, sizeof line, m_told))
            told.emplace_back(line, std::char_traits<char>::length(line) - 1);
        ::kill(m_process, SIGKILL);
        while (std::fgets(line, sizeof line, m_told))
            told.emplace_back(line, std::char_traits<char>::length(line) - 1);
        std::fclose(m_told);
        ::waitpid(m_process, &m_status, 0);
        return told;
    }

    bool wasKilled() const { return WIFSIGNALED(m_status) && WTERMSIG(m_status) == SIGKILL; }

private:
    ::pid_t m_process = 0;
    std::FILE* m_told = nullptr;
    int m_status = 0;
};

std::unique_ptr<Stores> openStores(const std::string& folder)
{
    auto stores = Stores::open(folder, [](const std::function<void()>& outcome) { outcome(); });
    if (!stores)
        ::_exit(3);
    return *std::move(stores);
}

/// Accepts requests as fast as it can and finishes two of three.
void acceptAndFinish(const std::string& folder, int round, const Victim::Tell& tell)
{
    const auto stores = openStores(folder);
    for (int number = 0;; ++number) {
        const std::string id = std::to_string(round) + "-" + std::to_string(number);
        stores->writer().write([id](Database& database) { return insertRequest(database, fullRequest(id)); },
            [id, tell](const Result<>& outcome) { tell(outcome ? "accepted " + id : "failed " + id); });
        if (number % 3 != 0)
            stores->writer().write([id](Database& database) { return finishRequest(database, recordOf(fullRequest(id))); },
                [id, tell](const Result<>& outcome) { tell(outcome ? "finished " + id : "failed " + id); });
        if (number % 64 == 0)
            stores->writer().flush(); // the pipe is the pace
    }
}

/// Begins calls as fast as it can and finishes two of three.
void beginAndFinish(const std::string& folder, int round, const Victim::Tell& tell)
{
    const auto stores = openStores(folder);
    std::vector<std::string> finished;
    for (int number = 0;; ++number) {
        domain::Request request = fullRequest(std::to_string(round) + "-" + std::to_string(number));
        request.via = domain::Via::Run;
        tell((stores->calls().begin(request) ? "accepted " : "failed ") + request.id);
        if (number % 3 == 0)
            continue;
        stores->writer().writeStatement([request](Database& database) { return insertRecord(database, recordOf(request)); });
        finished.push_back(request.id);
        if (finished.size() < 50)
            continue;
        stores->writer().flush();
        for (const std::string& id : std::exchange(finished, {}))
            stores->calls().end(id);
        if (!stores->calls().tidy())
            tell("failed to tidy");
    }
}

StoredRevision revisionOf(const std::string& id)
{
    return {.app = "shapes", .id = id, .number = 0, .hash = {}, .definition = "{}", .files = {}, .commits = {}, .message = {},
        .annotations = {}, .author = {}, .created = {}};
}

void makeRevisions(const std::string& folder, int round, const Victim::Tell& tell)
{
    const auto stores = openStores(folder);
    for (int number = 0;; ++number) {
        const std::string content = std::to_string(round) + "-" + std::to_string(number);
        const auto id = std::make_shared<std::string>();
        stores->writer().write(
            [content, id, repositories = stores->revisions()](Database& database) -> Result<> {
                TINTYPE_TRY_ASSIGN(*id, repositories.commit("shapes", {{"app.yaml", content}}, {"", "", fromMilliseconds(0)}));
                TINTYPE_TRY(insertRevision(database, revisionOf(*id)));
                return {};
            },
            [content, id, tell](const Result<>& outcome) { tell(outcome ? *id + content : "failed"); });
        stores->writer().flush();
    }
}

} // namespace

class TestStoreCrash : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<TestFolder>(); }

    void whatWasAcceptedIsThereExactlyOnce()
    {
        const std::string folder = *m_folder / "data";
        std::set<std::string> accepted;
        std::set<std::string> finished;
        for (int round = 0; round < 5; ++round) {
            Victim victim([&](const Victim::Tell& tell) { acceptAndFinish(folder, round, tell); });
            for (const std::string& line : victim.killAfter(200 + 137 * round)) {
                QVERIFY2(!line.starts_with("failed"), line.c_str());
                (line.starts_with("accepted") ? accepted : finished).insert(line.substr(9));
            }
            QVERIFY(victim.wasKilled());

            auto stores = openStores(folder);
            std::set<std::string> waiting;
            const auto unfinished = unfinishedRequests(stores->reader());
            for (const auto& entry : *unfinished)
                QVERIFY(waiting.insert(entry.request.id).second);
            for (const std::string& id : accepted) {
                const bool isDone = findRecord(stores->reader(), id)->has_value();
                QVERIFY2(isDone != waiting.contains(id), id.c_str()); // one of the two, never both
                QVERIFY2(isDone || !finished.contains(id), id.c_str());
            }
            QCOMPARE(countOf(stores->reader(), "SELECT count(*) FROM requests JOIN records USING (id)"), std::int64_t{0});
        }
        QVERIFY(accepted.size() > 500 && finished.size() > 100);
    }

    void everyCallThatBeganIsKnownAfterAKill()
    {
        const std::string folder = *m_folder / "data";
        std::set<std::string> accepted;
        for (int round = 0; round < 4; ++round) {
            Victim victim([&](const Victim::Tell& tell) { beginAndFinish(folder, round, tell); });
            for (const std::string& line : victim.killAfter(100 + 137 * round)) {
                QVERIFY2(line.starts_with("accepted"), line.c_str());
                accepted.insert(line.substr(9));
            }
            QVERIFY(victim.wasKilled());

            const auto stores = openStores(folder);
            std::set<std::string> left;
            for (const domain::Request& request : stores->calls().leftOver())
                QVERIFY(left.insert(request.id).second);
            for (const std::string& id : accepted)
                QVERIFY2(left.contains(id) || findRecord(stores->reader(), id)->has_value(), id.c_str());
        }
        QVERIFY(accepted.size() > 500);
    }

    void everyRevisionThatWasToldIsReadable()
    {
        const std::string folder = *m_folder / "data";
        std::map<std::string, std::string> made;
        for (int round = 0; round < 4; ++round) {
            Victim victim([&](const Victim::Tell& tell) { makeRevisions(folder, round, tell); });
            for (const std::string& line : victim.killAfter(5 + round)) {
                QVERIFY2(line.size() > 40, line.c_str());
                made[line.substr(0, 40)] = line.substr(40);
            }
            QVERIFY(victim.wasKilled());
        }
        const auto stores = openStores(folder);
        for (const auto& [id, content] : made) {
            QVERIFY(findRevision(stores->reader(), "shapes", id)->has_value());
            QCOMPARE(stores->revisions().read("shapes", id)->at("app.yaml"), content);
        }
        QVERIFY(made.size() >= 20);
    }

    void anUploadGoesOnAfterAKill()
    {
        const std::string folder = *m_folder / "data";
        std::string content;
        for (int number = 0; content.size() < 3'000'000; ++number)
            content += std::to_string(number);
        const std::string hash = sha256(content);
        constexpr std::size_t kChunk = 40'000;
        const auto upload = [&](const BlobStore& blobs, int chunks, const Victim::Tell& tell) {
            for (auto offset = blobs.uploadedBytes(hash); offset < content.size() && chunks > 0; --chunks) {
                writeFile(*m_folder / "chunk", content.substr(offset, kChunk));
                const auto next = blobs.append(hash, offset, content.size(), *m_folder / "chunk");
                offset = next ? *next : content.size();
                tell(next ? "chunk" : "failed");
            }
        };
        for (int round = 0; round < 3; ++round) {
            Victim victim([&](const Victim::Tell& tell) {
                const auto stores = openStores(folder);
                upload(stores->blobs(), 20, tell); // three rounds do not end it
                ::pause();
            });
            for (const std::string& line : victim.killAfter(7))
                QCOMPARE(line, std::string("chunk"));
            QVERIFY(victim.wasKilled());
        }
        const auto stores = openStores(folder);
        QVERIFY(stores->blobs().uploadedBytes(hash) >= 21 * kChunk);
        upload(stores->blobs(), 1000, [](const std::string&) {});
        QVERIFY(stores->blobs().commit(hash));
        QCOMPARE(sha256OfFile(stores->blobs().pathOf(hash)).value(), hash);
    }

    void aSecondHostIsRefusedAndAKilledOneLeavesNoLock()
    {
        const std::string folder = *m_folder / "data";
        Victim victim([&](const Victim::Tell& tell) {
            const auto stores = openStores(folder);
            tell("open");
            ::pause();
        });
        // Its one line says that the lock is held.
        const auto told = victim.killAfter(1);
        QCOMPARE(told.size(), std::size_t{1});
        const auto stores = openStores(folder);
        const auto second = Stores::open(folder, [](const std::function<void()>&) {});
        QVERIFY(!second);
        QCOMPARE(second.error().code, ErrorCode::Unavailable);
    }

    void aLockedDatabaseFailsItsJobsAndGoesOn()
    {
        const std::string folder = *m_folder / "data";
        const auto stores = openStores(folder);
        Database other = openDatabase(folder + "/tintype.db");
        QVERIFY(other.execute("BEGIN EXCLUSIVE"));
        std::vector<Result<>> outcomes;
        const auto accept = [&](const std::string& id) {
            stores->writer().write([id](Database& database) { return insertRequest(database, fullRequest(id)); },
                [&outcomes](Result<> outcome) { outcomes.push_back(std::move(outcome)); });
        };
        accept("one");
        stores->writer().flush(); // SQLite waits some seconds for the other
        QCOMPARE(outcomes.at(0).error().code, ErrorCode::Unavailable);
        QVERIFY(outcomes.at(0).error().message.ends_with("another program has it locked"));
        QVERIFY(other.execute("ROLLBACK"));
        accept("one");
        stores->writer().flush();
        QVERIFY(outcomes.at(1));
    }

private:
    std::unique_ptr<TestFolder> m_folder;
};

QTEST_GUILESS_MAIN(TestStoreCrash)
#include "tst_store_crash.moc"
