// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/call_journal.h"
#include "tests/unit/store/store_fixture.h"

#include <csignal>
#include <set>
#include <sys/resource.h>

using namespace tintype;
using namespace tintype::store;

namespace {

domain::Request callOf(const std::string& id)
{
    domain::Request request;
    request.id = id;
    request.app = "shapes";
    request.endpoint = "/edit";
    request.via = domain::Via::Stream;
    request.input = "{\"prompt\": \"caf\xC3\xA9\"}\n";
    request.submittedAt = fromMilliseconds(1'700'000'000'123);
    request.keyId = "0123456789abcdef";
    request.webhook = "https://example.org/hook";
    return request;
}

CallJournal openJournal(const std::filesystem::path& file)
{
    auto journal = CallJournal::open(file);
    if (!journal)
        qFatal("%s", journal.error().message.c_str());
    return *std::move(journal);
}

std::set<std::string> leftOver(const std::filesystem::path& file)
{
    std::set<std::string> ids;
    const CallJournal journal = openJournal(file);
    for (const domain::Request& request : journal.leftOver())
        ids.insert(request.id);
    return ids;
}

/// As on a full disk, files cannot grow beyond this.
class FileLimit {
public:
    explicit FileLimit(std::size_t bytes)
    {
        std::signal(SIGXFSZ, SIG_IGN);
        ::getrlimit(RLIMIT_FSIZE, &m_before);
        rlimit limit = m_before;
        limit.rlim_cur = bytes;
        ::setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileLimit() { ::setrlimit(RLIMIT_FSIZE, &m_before); }
    FileLimit(const FileLimit&) = delete;
    FileLimit& operator=(const FileLimit&) = delete;

private:
    rlimit m_before{};
};

} // namespace

class TestCallJournal : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void givesBackWhatARecordTells();
    void keepsNoInputThatIsNotToBeStored();
    void tidyTakesOutWhatHasEnded();
    void whatWasLeftOverStaysUntilItEnds();
    void skipsALineThatWasCutOff();
    void doesNotGrowWithoutEnd();
    void aFullDiskCostsNoOtherCall();
    void aFileThatCannotBeMadeSmallerIsUsedOn();
    void twoOfOneIdCountOnce();
    void isPrivate();
    void saysWhyItCannotBeOpened();

private:
    TestFolder m_folder;
};

void TestCallJournal::givesBackWhatARecordTells()
{
    const auto file = m_folder / "whole";
    QVERIFY(openJournal(file).begin(callOf("a")));
    const CallJournal journal = openJournal(file);
    QCOMPARE(journal.leftOver(), std::vector{callOf("a")});
    QVERIFY(journal.has("a"));
}

void TestCallJournal::keepsNoInputThatIsNotToBeStored()
{
    const auto file = m_folder / "private";
    domain::Request request = callOf("a");
    request.storeInputOutput = false;
    QVERIFY(openJournal(file).begin(request));
    QVERIFY(readFile(file).find("prompt") == std::string::npos);
    request.input.clear();
    QCOMPARE(openJournal(file).leftOver(), std::vector{request});
}

void TestCallJournal::tidyTakesOutWhatHasEnded()
{
    const auto file = m_folder / "tidy";
    CallJournal journal = openJournal(file);
    for (const char* id : {"a", "b", "c"})
        QVERIFY(journal.begin(callOf(id)));
    journal.end("b");
    journal.end("unknown");
    QCOMPARE(leftOver(file), (std::set<std::string>{"a", "b", "c"})); // its record says that b has ended
    QVERIFY(journal.tidy());
    QCOMPARE(leftOver(file), (std::set<std::string>{"a", "c"}));
    QVERIFY(journal.begin(callOf("d"))); // into the new file
    QCOMPARE(leftOver(file), (std::set<std::string>{"a", "c", "d"}));
    for (const char* id : {"a", "c", "d"})
        journal.end(id);
    QVERIFY(journal.tidy());
    QCOMPARE(readFile(file), std::string());
}

void TestCallJournal::whatWasLeftOverStaysUntilItEnds()
{
    const auto file = m_folder / "left";
    {
        CallJournal journal = openJournal(file);
        QVERIFY(journal.begin(callOf("a")) && journal.begin(callOf("b")));
    }
    CallJournal journal = openJournal(file);
    journal.forgetLeftOver();
    journal.end("a");
    QVERIFY(journal.tidy());
    QCOMPARE(leftOver(file), std::set<std::string>{"b"});
}

void TestCallJournal::skipsALineThatWasCutOff()
{
    const auto file = m_folder / "cut";
    {
        CallJournal journal = openJournal(file);
        QVERIFY(journal.begin(callOf("a")) && journal.begin(callOf("b")));
    }
    const std::string text = readFile(file);
    writeFile(file, text.substr(0, text.size() - 7));
    QCOMPARE(leftOver(file), std::set<std::string>{"a"});
    QVERIFY(openJournal(file).begin(callOf("c")));
    QCOMPARE(leftOver(file), (std::set<std::string>{"a", "c"}));
    writeFile(file, "\n{\"id\":7}\nnot json\n\n[]");
    QVERIFY(leftOver(file).empty());
}

void TestCallJournal::doesNotGrowWithoutEnd()
{
    const auto file = m_folder / "large";
    CallJournal journal = openJournal(file);
    QVERIFY(journal.begin(callOf("first")));
    domain::Request request = callOf("");
    request.input = std::string(std::size_t{1} << 20, 'x');
    for (int count = 0; count < 60; ++count) {
        request.id = std::to_string(count);
        QVERIFY(journal.begin(request));
        journal.end(request.id);
    }
    QVERIFY(std::filesystem::file_size(file) < (std::size_t{20} << 20));
    QVERIFY(leftOver(file).contains("first"));
}

void TestCallJournal::aFullDiskCostsNoOtherCall()
{
    const auto file = m_folder / "full";
    CallJournal journal = openJournal(file);
    QVERIFY(journal.begin(callOf("a")));
    {
        const FileLimit limit(std::filesystem::file_size(file) + 20); // half a line
        const auto begun = journal.begin(callOf("b"));
        QVERIFY(!begun);
        QCOMPARE(begun.error().code, ErrorCode::Io);
        QVERIFY(begun.error().message.find("prompt") == std::string::npos);
    }
    QVERIFY(!journal.has("b"));
    QVERIFY(journal.begin(callOf("c")));
    QCOMPARE(leftOver(file), (std::set<std::string>{"a", "c"}));
    {
        const FileLimit limit(20);
        QVERIFY(!journal.tidy());
    }
    QVERIFY(!std::filesystem::exists(m_folder / "full.new"));
    QCOMPARE(leftOver(file), (std::set<std::string>{"a", "c"}));
    QVERIFY(journal.tidy());
    QVERIFY(journal.begin(callOf("d")));
    QCOMPARE(leftOver(file), (std::set<std::string>{"a", "c", "d"}));
}

void TestCallJournal::aFileThatCannotBeMadeSmallerIsUsedOn()
{
    const auto file = m_folder / "stuck";
    std::filesystem::create_directory(m_folder / "stuck.new"); // where the smaller one would be written
    CallJournal journal = openJournal(file);
    domain::Request request = callOf("");
    request.input = std::string(std::size_t{1} << 20, 'x');
    for (int count = 0; count < 20; ++count) {
        request.id = std::to_string(count);
        QVERIFY(journal.begin(request));
        journal.end(request.id);
    }
    QVERIFY(journal.begin(callOf("last")));
    QVERIFY(leftOver(file).contains("last"));
}

void TestCallJournal::twoOfOneIdCountOnce()
{
    const auto file = m_folder / "twice";
    CallJournal journal = openJournal(file);
    QVERIFY(journal.begin(callOf("a")) && journal.begin(callOf("a")));
    journal.end("a");
    QVERIFY(!journal.has("a"));
    QVERIFY(journal.tidy());
    QCOMPARE(readFile(file), std::string());
}

void TestCallJournal::isPrivate()
{
    const auto file = m_folder / "mode";
    CallJournal journal = openJournal(file);
    const auto isMine = [&file] {
        using std::filesystem::perms;
        return (std::filesystem::status(file).permissions() & perms(077)) == perms::none;
    };
    QVERIFY(isMine());
    QVERIFY(journal.begin(callOf("a")));
    journal.end("a");
    QVERIFY(journal.tidy());
    QVERIFY(isMine());
}

void TestCallJournal::saysWhyItCannotBeOpened()
{
    const auto journal = CallJournal::open(m_folder / "no such folder/calls");
    QVERIFY(!journal);
    QCOMPARE(journal.error().code, ErrorCode::Io);
    QVERIFY(journal.error().message.find("cannot be opened") != std::string::npos);
}

QTEST_APPLESS_MAIN(TestCallJournal)
#include "tst_call_journal.moc"
