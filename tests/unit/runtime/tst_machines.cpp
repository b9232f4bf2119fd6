// SPDX-License-Identifier: Apache-2.0
#include "deploy/runtime/machines.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace tintype;
using namespace tintype::runtime;
using Kind = domain::WaitingReason::Kind;

namespace {

constexpr std::uint64_t kGigabyte = 1'000'000'000;

Hardware twoCards()
{
    return {64 * kGigabyte, 8, {{0, "NVIDIA H100 80GB HBM3", 85 * kGigabyte}, {1, "NVIDIA H100 80GB HBM3", 85 * kGigabyte}}};
}

Result<Machines> fromText(const QByteArray& text)
{
    QTemporaryDir folder;
    QFile file(folder.filePath(QStringLiteral("machines.json")));
    if (!file.open(QIODevice::WriteOnly) || file.write(text) < 0)
        return fail(ErrorCode::Io, "test file");
    file.close();
    return Machines::fromFile(twoCards(), file.fileName().toStdString());
}

} // namespace

class tst_machines : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void namesGpusAsFalDoes_data();
    void namesGpusAsFalDoes();
    void leavesOutCpuTypesThatAreTooLarge();
    void givesEachReplicaAGpuOfItsOwn();
    void takesTheFirstWantedTypeThatIsFree();
    void sharesMainMemoryByTheTypesSize();
    void tellsThatThereIsNoSuchMachine();
    void takesSeveralGpusAtOnce();
    void readsTypesFromAFile();
    void refusesABadFile_data();
    void refusesABadFile();
};

void tst_machines::namesGpusAsFalDoes_data()
{
    QTest::addColumn<QString>("driver");
    QTest::addColumn<QString>("type");
    QTest::newRow("H100") << "NVIDIA H100 80GB HBM3" << "GPU-H100";
    QTest::newRow("A100") << "NVIDIA A100-SXM4-40GB" << "GPU-A100";
    QTest::newRow("5090") << "NVIDIA GeForce RTX 5090" << "GPU-RTX5090";
    QTest::newRow("workstation") << "NVIDIA RTX A6000" << "GPU-A6000";
    QTest::newRow("unknown") << "NVIDIA GeForce GTX 1080 Ti" << "GPU-GEFORCE-GTX-1080-TI";
}

void tst_machines::namesGpusAsFalDoes()
{
    QFETCH(QString, driver);
    const Machines machines({kGigabyte, 1, {{0, driver.toStdString(), kGigabyte}}});
    QTEST(QString::fromStdString(machines.types().front().name), "type");
}

void tst_machines::leavesOutCpuTypesThatAreTooLarge()
{
    std::string names;
    const Machines machines({8 * kGigabyte, 2, {}});
    for (const auto& type : machines.types())
        names += type.name + " ";
    QCOMPARE(names, std::string("XS S M "));
}

void tst_machines::givesEachReplicaAGpuOfItsOwn()
{
    Machines machines(twoCards());
    const auto first = machines.acquire("a", {"GPU-H100"}, 1);
    const auto second = machines.acquire("b", {"GPU-H100"}, 1);
    QCOMPARE(first->devices, std::vector<std::string>{"cuda:0"});
    QCOMPARE(second->devices, std::vector<std::string>{"cuda:1"});
    const auto third = machines.acquire("c", {"GPU-H100"}, 1);
    QCOMPARE(third.error().kind, Kind::MachineTaken);
    QCOMPARE(third.error().subject, std::string("a"));
    machines.release(*first);
    QCOMPARE(machines.acquire("c", {"GPU"}, 1)->devices, std::vector<std::string>{"cuda:0"});
}

void tst_machines::takesTheFirstWantedTypeThatIsFree()
{
    Machines machines(twoCards());
    QVERIFY(machines.acquire("a", {"GPU-H100"}, 2));
    QCOMPARE(machines.acquire("b", {"GPU-H100", "M"}, 1)->machineType, std::string("M"));
    QCOMPARE(machines.acquire("b", {"GPU-B200", "L"}, 1)->machineType, std::string("L"));
}

void tst_machines::sharesMainMemoryByTheTypesSize()
{
    Machines machines({5 * kGigabyte, 2, {}});
    QVERIFY(machines.acquire("a", {"M"}, 1));
    QVERIFY(machines.acquire("b", {"M"}, 1));
    const auto third = machines.acquire("c", {"M"}, 1);
    QCOMPARE(third.error().kind, Kind::MachineTaken);
    QVERIFY(machines.acquire("c", {"S"}, 1));
}

void tst_machines::tellsThatThereIsNoSuchMachine()
{
    Machines machines({5 * kGigabyte, 2, {}});
    const auto none = machines.acquire("a", {"GPU-H100", "XL"}, 1);
    QCOMPARE(none.error().kind, Kind::NoMachine);
    QCOMPARE(none.error().subject, std::string("GPU-H100 or XL"));
}

void tst_machines::takesSeveralGpusAtOnce()
{
    Machines machines(twoCards());
    QCOMPARE(machines.acquire("a", {"GPU"}, 3).error().kind, Kind::NoMachine);
    const auto both = machines.acquire("a", {"GPU"}, 2);
    QCOMPARE(both->devices, (std::vector<std::string>{"cuda:0", "cuda:1"}));
    QCOMPARE(machines.acquire("b", {"GPU"}, 1).error().kind, Kind::MachineTaken);
}

void tst_machines::readsTypesFromAFile()
{
    auto machines = fromText(R"({"machine_types": {"BIG": {"devices": ["cuda:1"], "memory_gb": 80}, "L": {"cpus": 4}}})");
    QVERIFY(machines);
    QCOMPARE(machines->types().size(), std::size_t{2});
    QCOMPARE(machines->acquire("a", {"BIG"}, 1)->devices, std::vector<std::string>{"cuda:1"});
    QCOMPARE(machines->acquire("a", {"GPU-H100"}, 1).error().kind, Kind::NoMachine);
}

void tst_machines::refusesABadFile_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no object") << QByteArray("[]");
    QTest::newRow("no types") << QByteArray("{}");
    QTest::newRow("types empty") << QByteArray(R"({"machine_types": {}})");
    QTest::newRow("type no object") << QByteArray(R"({"machine_types": {"L": 4}})");
    QTest::newRow("no device") << QByteArray(R"({"machine_types": {"L": {"devices": []}}})");
    QTest::newRow("strange device") << QByteArray(R"({"machine_types": {"L": {"devices": ["tpu"]}}})");
    QTest::newRow("no cores") << QByteArray(R"({"machine_types": {"L": {"cpus": 0}}})");
    QTest::newRow("negative memory") << QByteArray(R"({"machine_types": {"L": {"memory_gb": -1}}})");
}

void tst_machines::refusesABadFile()
{
    QFETCH(QByteArray, text);
    const auto machines = fromText(text);
    QVERIFY(!machines);
    QVERIFY(machines.error().message.find("machines.json") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_machines)
#include "tst_machines.moc"
