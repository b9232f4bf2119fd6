// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/models/app_document.h"
#include "ui/views/run/run_stages.h"

#include <QFile>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;
using State = RunStages::Row::State;

namespace {

constexpr auto kDefinition = R"(name: shapes
machine_type: XS
requirements: [hf:org/shapes]
setup:
  model: hf:org/shapes
endpoints:
  /:
    task: text-to-image
)";

domain::ReplicaInfo starting(const std::string& stage, std::uint64_t done, std::uint64_t total)
{
    domain::ReplicaInfo replica;
    replica.id = "r-1";
    replica.app = "shapes-run";
    replica.state = domain::ReplicaState::Setup;
    replica.setup = {.stage = stage, .bytesDone = done, .bytesTotal = total, .seconds = 0};
    return replica;
}

const RunStages::Row* find(const std::vector<RunStages::Row>& rows, const char* name)
{
    const auto found = std::ranges::find(rows, QLatin1String(name), &RunStages::Row::name);
    return found == rows.end() ? nullptr : &*found;
}

} // namespace

class TestRunStages : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void init();
    void cleanup();
    void saysWhatToDoFirst();
    void showsStagesAsTheyCome();
    void keepsTheLastStartAsAGhost();
    void showsWhatFailed();
    void paintsInAnySize();

private:
    void startRun();
    void goThrough(const std::vector<const char*>& stages);
    void stopRun();

    std::unique_ptr<test::StudioFixture> m_studio;
    std::unique_ptr<AppDocument> m_document;
    std::unique_ptr<RunStages> m_stages;
};

void TestRunStages::initTestCase()
{
    static QTemporaryDir cache;
    qputenv("XDG_CACHE_HOME", cache.path().toLocal8Bit());
}

void TestRunStages::init()
{
    m_studio = std::make_unique<test::StudioFixture>();
    QFile file(m_studio->folder.filePath(QStringLiteral("app.yaml")));
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(kDefinition);
    file.close();
    auto document = AppDocument::open(file.fileName(), m_studio->folder.path());
    QVERIFY(document.has_value());
    m_document = std::move(*document);
    m_stages = std::make_unique<RunStages>(m_studio->theme, m_studio->run);
    m_studio->control().receipt.app = "shapes-run";
    m_studio->control().receipt.status = "rolling_out";
}

void TestRunStages::cleanup()
{
    m_stages.reset();
    m_studio.reset();
    m_document.reset();
}

void TestRunStages::startRun()
{
    m_studio->run.start(*m_document, m_studio->target());
    QTRY_VERIFY2(m_studio->run.state() == RunSession::State::Starting, m_studio->run.error() ? m_studio->run.error()->message.c_str() : "no error");
}

void TestRunStages::goThrough(const std::vector<const char*>& stages)
{
    for (const char* const stage : stages)
        m_studio->control().tell(control::ReplicaChanged{starting(stage, 0, 0)});
    m_studio->control().tell(control::RolloutEnded{.app = "shapes-run", .revision = {}, .error = {}});
    QTRY_COMPARE(m_studio->run.state(), RunSession::State::Running);
}

void TestRunStages::stopRun()
{
    m_studio->run.stop();
    QTRY_COMPARE(m_studio->run.state(), RunSession::State::Stopped);
}

void TestRunStages::saysWhatToDoFirst()
{
    QVERIFY(m_stages->rows().empty());
    QCOMPARE(m_stages->title(), QStringLiteral("Not running"));
}

void TestRunStages::showsStagesAsTheyCome()
{
    startRun();
    QVERIFY(m_stages->title().startsWith(QStringLiteral("Starting shapes-run")));
    m_studio->control().tell(control::ReplicaChanged{starting("fetch org/shapes", 30'000'000, 120'000'000)});
    QTRY_VERIFY(find(m_stages->rows(), "fetch org/shapes"));
    RunStages::Row row = *find(m_stages->rows(), "fetch org/shapes");
    QVERIFY(row.state == State::Running);
    QCOMPARE(row.bytes, QStringLiteral("30.0 MB of 120 MB"));
    m_studio->control().tell(control::ReplicaChanged{starting("fetch org/shapes", 120'000'000, 120'000'000)});
    m_studio->control().tell(control::ReplicaChanged{starting("warm-up", 0, 0)});
    QTRY_VERIFY(find(m_stages->rows(), "warm-up"));
    const auto rows = m_stages->rows();
    row = *find(rows, "fetch org/shapes");
    QVERIFY(row.state == State::Done);
    QCOMPARE(row.bytes, QStringLiteral("120 MB"));
    for (std::size_t i = 1; i < rows.size(); ++i)
        QCOMPARE(rows[i].begin, rows[i - 1].end); // one behind the other
    goThrough({});
    QVERIFY(m_stages->title().startsWith(QStringLiteral("shapes-run started in ")));
    for (const RunStages::Row& done : m_stages->rows())
        QVERIFY(done.state == State::Done);
}

void TestRunStages::keepsTheLastStartAsAGhost()
{
    startRun();
    goThrough({"transformer", "warm-up"});
    stopRun();
    startRun();
    m_studio->control().tell(control::ReplicaChanged{starting("transformer", 0, 0)});
    QTRY_VERIFY(find(m_stages->rows(), "transformer") && find(m_stages->rows(), "transformer")->state == State::Running);
    const auto rows = m_stages->rows();
    QVERIFY(find(rows, "transformer")->ghostEnd >= find(rows, "transformer")->ghostBegin);
    const RunStages::Row* const later = find(rows, "warm-up");
    QVERIFY(later);
    QVERIFY(later->state == State::ToCome);
    QCOMPARE(later, &rows.back());
    m_studio->control().tell(control::ReplicaChanged{starting("another stage", 0, 0)});
    QTRY_VERIFY(find(m_stages->rows(), "another stage"));
    QVERIFY(find(m_stages->rows(), "another stage")->ghostEnd < 0); // the last start had none
    goThrough({});
    QVERIFY(!find(m_stages->rows(), "warm-up")); // it never came: nothing is to come any more
}

void TestRunStages::showsWhatFailed()
{
    startRun();
    m_studio->control().tell(control::ReplicaChanged{starting("transformer", 0, 0)});
    QTRY_VERIFY(find(m_stages->rows(), "transformer"));
    m_studio->control().tell(control::RolloutEnded{.app = "shapes-run", .revision = {}, .error = Error{ErrorCode::OutOfMemory, "no memory", {}}});
    QTRY_COMPARE(m_studio->run.state(), RunSession::State::Failed);
    QCOMPARE(m_stages->title(), QStringLiteral("shapes-run did not start"));
    QVERIFY(find(m_stages->rows(), "transformer")->state == State::Failed);
}

void TestRunStages::paintsInAnySize()
{
    startRun();
    goThrough({"a very long name of a stage that has no room at all in a narrow dock", "b", "c", "d", "e", "f", "g"});
    for (const QSize size : {QSize(1, 1), QSize(40, 20), QSize(150, 400), QSize(280, 120), QSize(3000, 40)}) {
        m_stages->resize(size);
        QVERIFY(!m_stages->grab().isNull());
    }
    QVERIFY(m_stages->sizeHint().height() > m_stages->minimumSizeHint().height());
}

QTEST_MAIN(TestRunStages)
#include "tst_run_stages.moc"
