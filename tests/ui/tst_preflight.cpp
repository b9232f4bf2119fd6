// SPDX-License-Identifier: GPL-3.0-or-later
#include "tests/support/studio_fixture.h"
#include "ui/commands/preflight_check.h"
#include "ui/models/preflight.h"
#include "ui/views/deployments/preflight_strip.h"

#include <QDir>
#include <QFile>
#include <QSignalSpy>
#include <QTest>
#include <algorithm>

using namespace tintype;
using namespace tintype::ui;

namespace {

constexpr const char* kText = R"(name: demo
machine_type: XS
keep_alive: 60
requirements:
  - file:model
setup:
  model: file:model
endpoints:
  /:
    task: text-to-image
)";

domain::AppDefinition definition(const std::string& text) { return domain::parseDefinition(text).definition; }

control::HostInfo hostWith(const std::string& type, bool isGpu, std::uint64_t memory, int free)
{
    control::HostInfo host;
    host.machines.push_back({.type = {.name = type, .isGpu = isGpu, .memoryBytes = memory, .cpus = 1, .devices = {isGpu ? "cuda:0" : "cpu"}},
        .freeDevices = free});
    return host;
}

const FieldDifference* find(const std::vector<FieldDifference>& list, const char* name)
{
    const auto found = std::ranges::find(list, QLatin1String(name), &FieldDifference::field);
    return found == list.end() ? nullptr : &*found;
}

} // namespace

class TestPreflight : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void threeWayDifference()
    {
        const domain::AppDefinition revision = definition(kText);
        domain::AppDefinition file = revision;
        file.setup.dtype = "float32";
        file.scaling.keepAlive = std::chrono::seconds(120);
        control::AppInfo live;
        live.scaling = domain::withChanges({}, revision.scaling);
        live.scaling.maxConcurrency = 8;
        const auto list = differences(file, &revision, &live);
        QCOMPARE(list.size(), std::size_t{3});
        const auto* const keepAlive = find(list, "keep_alive");
        QVERIFY(keepAlive && keepAlive->isNewInFile() && !keepAlive->isDrift());
        QCOMPARE(keepAlive->file, QStringLiteral("120 s"));
        const auto* const most = find(list, "max_concurrency");
        QVERIFY(most && !most->isNewInFile() && most->isDrift());
        QCOMPARE(most->live, QStringLiteral("8"));
        const auto* const dtype = find(list, "setup.dtype");
        QVERIFY(dtype && dtype->revision.isEmpty());
    }

    void nothingDiffersFromItself()
    {
        const domain::AppDefinition same = definition(kText);
        control::AppInfo live;
        live.scaling = domain::withChanges({}, same.scaling);
        QVERIFY(differences(same, &same, &live).empty());
        QVERIFY(differences(same, nullptr, nullptr).empty());
    }

    void anUnknownRevisionComparesSettingsOnly()
    {
        domain::AppDefinition file = definition(kText);
        control::AppInfo live;
        live.scaling = domain::withChanges({}, file.scaling);
        live.auth = domain::AuthMode::Public;
        const auto list = differences(file, nullptr, &live);
        QCOMPARE(list.size(), std::size_t{1});
        QCOMPARE(list.front().field, QStringLiteral("auth"));
    }

    void fit_data()
    {
        QTest::addColumn<QString>("wanted");
        QTest::addColumn<qulonglong>("memory");
        QTest::addColumn<int>("free");
        QTest::addColumn<int>("fit");
        QTest::newRow("fits") << "GPU-H100" << 1'000ull << 1 << static_cast<int>(Fit::Fits);
        QTest::newRow("any GPU") << "GPU" << 1'000ull << 1 << static_cast<int>(Fit::Fits);
        QTest::newRow("exactly") << "GPU-H100" << 80'000ull << 1 << static_cast<int>(Fit::Fits);
        QTest::newRow("one byte too many") << "GPU-H100" << 80'001ull << 1 << static_cast<int>(Fit::TooLarge);
        QTest::newRow("taken") << "GPU-H100" << 1'000ull << 0 << static_cast<int>(Fit::Busy);
        QTest::newRow("not known") << "GPU-H100" << 0ull << 1 << static_cast<int>(Fit::Unknown);
        QTest::newRow("another type") << "GPU-A100" << 1'000ull << 1 << static_cast<int>(Fit::NoMachine);
        QTest::newRow("none") << "" << 0ull << 1 << static_cast<int>(Fit::NoMachine);
    }
    void fit()
    {
        QFETCH(const QString, wanted);
        QFETCH(const qulonglong, memory);
        QFETCH(const int, free);
        QFETCH(const int, fit);
        const MemoryFit found = fitOn(QStringLiteral("lab"), hostWith("GPU-H100", true, 80'000, free), {wanted.toStdString()}, memory);
        QCOMPARE(static_cast<int>(found.fit), fit);
        QVERIFY(!fitText(found, memory).isEmpty());
    }

    void theBestOfSeveralTypesCounts()
    {
        control::HostInfo host = hostWith("small", true, 10, 1);
        host.machines.push_back(hostWith("large", true, 1'000, 1).machines.front());
        const MemoryFit found = fitOn({}, host, {"small", "large"}, 100);
        QCOMPARE(static_cast<int>(found.fit), static_cast<int>(Fit::Fits));
        QCOMPARE(found.machine, QStringLiteral("large"));
    }

    void init()
    {
        m_fixture = std::make_unique<test::StudioFixture>();
        m_fixture->control().hostInfo = hostWith("XS", false, 1'000'000'000, 2);
        m_fixture->control().plan.app = "demo";
        m_fixture->control().plan.isNew = true;
        m_fixture->control().plan.memoryBytes = 500'000'000;
        const QDir folder(m_fixture->folder.path());
        QVERIFY(folder.mkpath(QStringLiteral("model")));
        write(QStringLiteral("app.yaml"), kText);
        write(QStringLiteral("model/weights.safetensors"), "weights");
        m_document = *m_fixture->workspace.open(folder.filePath(QStringLiteral("app.yaml")));
        QTRY_VERIFY(m_fixture->target().hostInfo());
        m_check = std::make_unique<PreflightCheck>(m_fixture->targets, folder.filePath(QStringLiteral("hashes.json")).toStdString());
    }
    void cleanup()
    {
        m_check.reset();
        m_fixture.reset();
    }

    void aGoodDefinitionIsAsked()
    {
        begin();
        QTRY_VERIFY(m_check->result().isKnown);
        const Preflight& result = m_check->result();
        QVERIFY(result.isGood() && result.isExact && result.isNew);
        QCOMPARE(result.target, m_fixture->target().name());
        QCOMPARE(static_cast<int>(result.fits.front().fit), static_cast<int>(Fit::Fits));
        const control::Deployment& asked = m_fixture->control().deployments.back();
        QCOMPARE(asked.files.size(), std::size_t{1});
        QCOMPARE(asked.files.front().sha256, std::string("9a129038d9a00aed0cf6a7ea059ca50a813449061ab87848cf1a13eafdf33b2c"));
    }

    void typingIsAskedOnceAfterAPause()
    {
        begin();
        for (int i = 0; i < 30; ++i)
            m_document->replace(0, 0, QStringLiteral("# x\n"), QStringLiteral("Type"));
        QTRY_VERIFY(m_check->result().isKnown);
        QCOMPARE(m_fixture->control().count("check"), 1);
    }

    void aProblemAsksNobody()
    {
        m_document->replace(0, 5, QStringLiteral("nome:"), QStringLiteral("Type"));
        begin();
        QTRY_VERIFY(!m_check->isChecking());
        QVERIFY(!m_check->result().problems.empty());
        QVERIFY(!m_check->result().isGood());
        QCOMPARE(m_fixture->control().count("check"), 0);
    }

    void aFolderThatIsMissingIsAnError()
    {
        QVERIFY(QDir(m_fixture->folder.filePath(QStringLiteral("model"))).removeRecursively());
        begin();
        QTRY_VERIFY(!m_check->isChecking());
        QVERIFY(m_check->result().error);
        QCOMPARE(m_fixture->control().count("check"), 0);
    }

    void aHostThatRefusesIsAnError()
    {
        m_fixture->control().failures["check"] = {ErrorCode::Conflict, "app demo is a temporary one", {}};
        begin();
        QTRY_VERIFY(!m_check->isChecking());
        QCOMPARE(m_check->result().error->code, ErrorCode::Conflict);
        QVERIFY(!m_check->result().isGood());
    }

    void withoutATargetTheFileAloneIsRead()
    {
        m_check->setDocument(m_document);
        QTRY_VERIFY(!m_check->isChecking());
        QVERIFY(!m_check->result().isKnown);
        QVERIFY(m_check->result().problems.empty());
    }

    void answersThatComeTooLateAreNobodys()
    {
        m_fixture->control().holds = true;
        begin();
        QTRY_COMPARE(m_fixture->control().count("check"), 1);
        m_check->setDocument(nullptr);
        m_fixture->control().release();
        QTest::qWait(20);
        QVERIFY(!m_check->result().isKnown);
    }

    void theLiveAppIsComparedAndItsRevisionReadOnce()
    {
        control::AppInfo live;
        live.name = "demo";
        live.revision = "1111111111111111111111111111111111111111";
        live.scaling = domain::withChanges({}, definition(kText).scaling);
        m_fixture->control().plan.isNew = false;
        m_fixture->control().revisionDetail.definition = kText;
        m_fixture->control().tell(control::AppChanged{live});
        begin();
        QTRY_VERIFY(m_check->result().isKnown);
        QVERIFY(m_check->result().differences.empty());
        live.scaling.maxConcurrency = 5;
        m_fixture->control().tell(control::AppChanged{live});
        QTRY_COMPARE(m_check->result().differences.size(), std::size_t{1});
        QVERIFY(m_check->result().differences.front().isDrift());
        QCOMPARE(m_fixture->control().count("revision"), 1);
        live.running = 3; // nothing that is compared
        const int asked = m_fixture->control().count("check");
        m_fixture->control().tell(control::AppChanged{live});
        QTest::qWait(60);
        QVERIFY(!m_check->isChecking());
        QCOMPARE(m_fixture->control().count("check"), asked);
    }

    void theStripAsksOnlyWhileItIsSeen()
    {
        PreflightStrip strip(m_fixture->studio);
        QTest::qWait(20);
        QVERIFY(!strip.check().isChecking());
        strip.show();
        QVERIFY(strip.check().isChecking());
        QTRY_VERIFY(strip.check().result().isKnown);
        strip.hide();
        m_document->replace(0, 0, QStringLiteral("# x\n"), QStringLiteral("Type"));
        QVERIFY(!strip.check().isChecking());
    }

private:
    void begin()
    {
        m_check->setDocument(m_document);
        m_check->setTarget(&m_fixture->target());
    }
    void write(const QString& name, const char* text)
    {
        QFile file(m_fixture->folder.filePath(name));
        QVERIFY(file.open(QIODevice::WriteOnly));
        file.write(text);
    }

    std::unique_ptr<test::StudioFixture> m_fixture;
    std::unique_ptr<PreflightCheck> m_check;
    AppDocument* m_document = nullptr;
};

QTEST_MAIN(TestPreflight)
#include "tst_preflight.moc"
