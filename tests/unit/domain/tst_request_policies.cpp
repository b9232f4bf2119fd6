// SPDX-License-Identifier: Apache-2.0
#include "deploy/domain/replica.h"
#include "deploy/domain/retry.h"

#include <QTest>

using namespace tintype;
using namespace tintype::domain;
using namespace std::chrono_literals;

namespace {

constexpr std::array kStates{ReplicaState::Pending, ReplicaState::Fetching, ReplicaState::Setup, ReplicaState::CrashBackoff,
    ReplicaState::Idle, ReplicaState::Running, ReplicaState::Draining, ReplicaState::Terminating, ReplicaState::Terminated};

Request queued()
{
    Request request;
    request.via = Via::Queue;
    return request;
}

} // namespace

class tst_request_policies : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void replicaMovesAlongItsTable();
    void aTerminatedReplicaStaysSo();
    void everyReplicaCanEnd();
    void failuresMeanOnTheWire_data();
    void failuresMeanOnTheWire();
    void retriesConnectionErrorsUpToTenAttempts();
    void neverRetriesWhatIsNotQueued();
    void noRetryWinsOverAWish();
    void aWishChangesTheNumber();
    void neverRetriesWhatTheCallerDid();
    void backOffGrowsToTenMinutes();
    void everyReasonIsASentence();
};

void tst_request_policies::replicaMovesAlongItsTable()
{
    // From each state, in the order of the enum: which states may follow.
    std::string moves;
    for (const auto from : kStates) {
        for (const auto to : kStates)
            moves += isLegalMove(from, to) ? '1' : '0';
        moves += ' ';
    }
    QCOMPARE(moves,
        std::string("011100011 101100011 000110011 100000001 000001111 000010111 000000011 000000001 000000000 "));
}

void tst_request_policies::aTerminatedReplicaStaysSo()
{
    for (const auto to : kStates)
        QVERIFY(!isLegalMove(ReplicaState::Terminated, to));
}

void tst_request_policies::everyReplicaCanEnd()
{
    for (const auto from : kStates)
        QCOMPARE(isLegalMove(from, ReplicaState::Terminated), from != ReplicaState::Terminated);
}

void tst_request_policies::failuresMeanOnTheWire_data()
{
    QTest::addColumn<int>("code");
    QTest::addColumn<int>("status");
    QTest::addColumn<QString>("errorType");
    QTest::addColumn<bool>("replaces");
    const auto row = [](ErrorCode code, int status, const char* type, bool replaces) {
        QTest::newRow(std::string(errorCodeName(code)).c_str())
            << static_cast<int>(code) << status << QString::fromLatin1(type) << replaces;
    };
    row(ErrorCode::InvalidArgument, 422, "bad_request", false);
    row(ErrorCode::Unsupported, 422, "bad_request", false);
    row(ErrorCode::Cancelled, 499, "client_cancelled", false);
    row(ErrorCode::Timeout, 504, "request_timeout", true);
    row(ErrorCode::OutOfMemory, 503, "runner_server_error", false);
    row(ErrorCode::DeviceLost, 503, "runner_disconnected", true);
    row(ErrorCode::Unavailable, 503, "runner_disconnected", true);
    row(ErrorCode::Protocol, 503, "runner_disconnected", true);
    row(ErrorCode::Internal, 500, "runner_server_error", false);
}

void tst_request_policies::failuresMeanOnTheWire()
{
    QFETCH(int, code);
    const Failure failure = classify(Error{static_cast<ErrorCode>(code), "x", {}});
    QTEST(failure.status, "status");
    QTEST(QString::fromStdString(failure.errorType), "errorType");
    QTEST(failure.replaceReplica, "replaces");
}

void tst_request_policies::retriesConnectionErrorsUpToTenAttempts()
{
    const Failure lost = classify(Error{ErrorCode::Unavailable, "gone", {}});
    auto last = 0ms;
    for (int attempts = 1; attempts < kMaxAttempts; ++attempts) {
        const auto delay = retryDelay(queued(), lost, attempts);
        QVERIFY(delay);
        QVERIFY(*delay >= last);
        last = *delay;
    }
    QCOMPARE(last, std::chrono::milliseconds(30s));
    QVERIFY(!retryDelay(queued(), lost, kMaxAttempts));
}

void tst_request_policies::neverRetriesWhatIsNotQueued()
{
    for (const auto via : {Via::Run, Via::Stream, Via::Realtime, Via::Websocket}) {
        Request request = queued();
        request.via = via;
        QVERIFY(!retryDelay(request, classify(Error{ErrorCode::Unavailable, "gone", {}}), 1));
    }
}

void tst_request_policies::noRetryWinsOverAWish()
{
    Request request = queued();
    request.noRetry = true;
    request.retries = {{"connection_error", 5}};
    QVERIFY(!retryDelay(request, classify(Error{ErrorCode::Unavailable, "gone", {}}), 1));
}

void tst_request_policies::aWishChangesTheNumber()
{
    Request request = queued();
    request.retries = {{"connection_error", 1}, {"server_error", 2}, {"timeout", 99}};
    const Failure lost = classify(Error{ErrorCode::Unavailable, "gone", {}});
    QVERIFY(retryDelay(request, lost, 1));
    QVERIFY(!retryDelay(request, lost, 2));
    const Failure broken = classify(Error{ErrorCode::Internal, "broken", {}});
    QVERIFY(!retryDelay(queued(), broken, 1));
    QVERIFY(retryDelay(request, broken, 2));
    QVERIFY(!retryDelay(request, broken, 3));
    QVERIFY(!retryDelay(request, classify(Error{ErrorCode::Timeout, "slow", {}}), kMaxAttempts));
}

void tst_request_policies::neverRetriesWhatTheCallerDid()
{
    Request request = queued();
    request.retries = {{"server_error", 9}, {"timeout", 9}, {"connection_error", 9}};
    for (const auto code : {ErrorCode::InvalidArgument, ErrorCode::Cancelled, ErrorCode::Unsupported})
        QVERIFY(!retryDelay(request, classify(Error{code, "x", {}}), 1));
}

void tst_request_policies::backOffGrowsToTenMinutes()
{
    QCOMPARE(crashBackoff(0), 0s);
    QCOMPARE(crashBackoff(-3), 0s);
    QCOMPARE(crashBackoff(1), 30s);
    QCOMPARE(crashBackoff(4), 120s);
    QCOMPARE(crashBackoff(20), 600s);
    QCOMPARE(crashBackoff(1'000'000), 600s);
}

void tst_request_policies::everyReasonIsASentence()
{
    WaitingReason reason;
    reason.subject = "GPU-H100";
    QCOMPARE(sentence(reason), std::string("it is the next one"));
    reason.count = 1;
    QCOMPARE(sentence(reason), std::string("1 request is ahead of it"));
    reason.kind = WaitingReason::Kind::NoMachine;
    QCOMPARE(sentence(reason), std::string("this host has no machine of type GPU-H100"));
    reason.kind = WaitingReason::Kind::ReplicaLoading;
    reason.stage = "transformer";
    reason.bytesDone = 1'000'000;
    reason.bytesTotal = 23'000'000;
    QCOMPARE(sentence(reason), std::string("its replica is starting (transformer: 1 of 23 MB)"));
}

QTEST_GUILESS_MAIN(tst_request_policies)
#include "tst_request_policies.moc"
