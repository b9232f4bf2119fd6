// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <memory>
#include <optional>

using namespace Qt::StringLiterals;

namespace {

constexpr int kCommandMs = 60'000;

struct Outcome {
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;

    QJsonObject json() const { return QJsonDocument::fromJson(output).object(); }
    QByteArray lastLine() const { return errors.trimmed().split('\n').last(); }
};

constexpr const char* kDefinition = "name: demo\n"
                                    "machine_type: XS\n"
                                    "requirements: ['file:models/m']\n"
                                    "keep_alive: 60\n"
                                    "setup: {model: 'file:models/m'}\n"
                                    "endpoints:\n"
                                    "  /: {task: text-to-image}\n";

} // namespace

/// The real `tintype` and a real host with a scripted worker.
class TestCliHost : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        QVERIFY(m_folder.isValid());
        QVERIFY(QDir(m_folder.path()).mkpath(u"app/models/m"_s));
        write(u"app/app.yaml"_s, kDefinition);
        write(u"app/models/m/model_index.json"_s, "{}");
        write(u"app/models/m/weights.safetensors"_s, QByteArray(9'000'000, 'w'));
        m_host = startHost(u"data"_s, "step_ms=20", m_url);
        QVERIFY(m_host);
        const Outcome deployed = run({u"deploy"_s, u"app/app.yaml"_s, u"--json"_s, u"--message"_s, u"first"_s});
        QVERIFY2(deployed.exitCode == 0, deployed.errors.constData());
        m_first = deployed.json()[u"revision"].toString();
    }

    void cleanupTestCase()
    {
        m_host->terminate();
        QVERIFY(m_host->waitForFinished());
        QCOMPARE(m_host->exitCode(), 0);
    }

    // ---- deploy and what became of it

    void deployTellsRevisionAppAndUrls()
    {
        const Outcome again = run({u"deploy"_s, u"app/app.yaml"_s, u"--json"_s});
        QCOMPARE(again.exitCode, 0);
        const QJsonObject receipt = again.json();
        QCOMPARE(receipt[u"app"].toString(), u"demo"_s);
        QCOMPARE(receipt[u"revision"].toString(), m_first); // the same content is the same revision
        QVERIFY(!receipt[u"is_new_revision"].toBool());
        QCOMPARE(receipt[u"status"].toString(), u"deployed"_s);
        QCOMPARE(receipt[u"urls"].toObject()[u"run"].toString(), m_url + u"/local/demo"_s);
    }

    void listsApps()
    {
        const QJsonArray apps = run({u"apps"_s, u"list"_s, u"--json"_s}).json()[u"apps"].toArray();
        QCOMPARE(apps.size(), 1);
        const QJsonObject app = apps.first().toObject();
        QCOMPARE(app[u"alias"].toString(), u"demo"_s);
        QCOMPARE(app[u"keep_alive"].toInt(), 60);
        QCOMPARE(app[u"auth_mode"].toString(), u"private"_s);
        const QByteArray table = run({u"apps"_s, u"list"_s}).output;
        QVERIFY2(table.contains("Name") && table.contains("demo"), table.constData());
    }

    void checkDeploysNothing()
    {
        write(u"app/other.yaml"_s, QByteArray(kDefinition).replace("keep_alive: 60", "keep_alive: 61\nmax_multiplexing: 3"));
        const Outcome text = run({u"deploy"_s, u"app/other.yaml"_s, u"--check"_s});
        QCOMPARE(text.exitCode, 0);
        QVERIFY2(text.output.contains("inherited from the app"), text.output.constData());
        const Outcome json = run({u"deploy"_s, u"app/other.yaml"_s, u"--check"_s, u"--json"_s});
        QVERIFY(json.json()[u"values"].isArray());
        QCOMPARE(json.json()[u"bytes_missing"].toInt(-1), 0);
        QCOMPARE(revisions().size(), 1);
    }

    void rollsBack()
    {
        write(u"app/second.yaml"_s, QByteArray(kDefinition).replace("keep_alive: 60", "keep_alive: 61"));
        const Outcome second = run({u"deploy"_s, u"app/second.yaml"_s, u"--json"_s, u"--annotation"_s, u"commit=abc"_s});
        QVERIFY2(second.exitCode == 0, second.errors.constData());
        QVERIFY(second.json()[u"revision"].toString() != m_first);
        QCOMPARE(revisions().size(), 2);

        const Outcome diff = run({u"apps"_s, u"diff"_s, u"demo"_s, u"1"_s, u"2"_s});
        QVERIFY2(diff.output.contains("-keep_alive: 60") && diff.output.contains("+keep_alive: 61"), diff.output.constData());

        const Outcome back = run({u"apps"_s, u"set-rev"_s, u"demo"_s, m_first.left(10), u"--json"_s});
        QVERIFY2(back.exitCode == 0, back.errors.constData());
        QCOMPARE(back.json()[u"revision"].toString(), m_first);
    }

    void refusesABadDefinitionWithItsPlace()
    {
        write(u"app/bad.yaml"_s, QByteArray(kDefinition).replace("keep_alive", "keep_alife"));
        const Outcome outcome = run({u"deploy"_s, u"app/bad.yaml"_s, u"--json"_s});
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.errors.contains("bad.yaml:4:1") && outcome.errors.contains("keep_alive"), outcome.errors.constData());
        QCOMPARE(outcome.json()[u"error"].toObject()[u"code"].toString(), u"invalid_argument"_s);
    }

    void tellsWhyARevisionWasNotTakenUp()
    {
        QString url;
        const auto broken = startHost(u"broken"_s, "load=fail:corrupt", url);
        QVERIFY(broken);
        const Outcome outcome = run({u"deploy"_s, u"app/app.yaml"_s, u"--host"_s, url});
        QCOMPARE(outcome.exitCode, 1);
        QVERIFY2(outcome.lastLine().contains("scripted failure"), outcome.errors.constData());
        broken->terminate();
        QVERIFY(broken->waitForFinished());
    }

    // ---- calls

    void callsAnApp_data()
    {
        QTest::addColumn<QStringList>("flags");
        QTest::newRow("run") << QStringList{};
        QTest::newRow("stream") << QStringList{u"--stream"_s};
        QTest::newRow("queue") << QStringList{u"--queue"_s};
    }

    void callsAnApp()
    {
        QFETCH(QStringList, flags);
        const QStringList arguments{u"call"_s, u"demo"_s, u"prompt=a red circle"_s, u"seed=5"_s, u"-o"_s, u"p.png"_s, u"--json"_s};
        const Outcome outcome = run(arguments + flags);
        QVERIFY2(outcome.exitCode == 0, outcome.errors.constData());
        QCOMPARE(outcome.json()[u"seed"].toInt(), 5);
        QFile picture(m_folder.filePath(u"p.png"_s));
        QVERIFY(picture.open(QFile::ReadOnly));
        QCOMPARE(picture.readAll(), QByteArray(1000, 'x'));
        QVERIFY(picture.remove());
        if (flags.contains(u"--stream"_s))
            QVERIFY2(outcome.errors.contains("step 3/3"), outcome.errors.constData());
    }

    void tellsBadInput()
    {
        const Outcome outcome = run({u"call"_s, u"demo"_s, u"prompt=x"_s, u"num_inference_steps=0"_s});
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.lastLine().startsWith("num_inference_steps:"), outcome.errors.constData());
        QCOMPARE(run({u"call"_s, u"nobody"_s}).exitCode, 1);
    }

    void keepsRecordsAndLogs()
    {
        QVERIFY(run({u"call"_s, u"demo"_s, u"prompt=for the record"_s}).exitCode == 0);
        const QJsonArray requests = run({u"requests"_s, u"list"_s, u"-n"_s, u"1"_s, u"--json"_s}).json()[u"requests"].toArray();
        QCOMPARE(requests.size(), 1);
        const QJsonObject request = requests.first().toObject();
        QCOMPARE(request[u"outcome"].toString(), u"success"_s);
        const Outcome shown = run({u"requests"_s, u"show"_s, request[u"request_id"].toString()});
        QCOMPARE(shown.json()[u"input"].toObject()[u"prompt"].toString(), u"for the record"_s);
        const Outcome logs = run({u"logs"_s, u"--app"_s, u"demo"_s, u"-n"_s, u"5"_s});
        QCOMPARE(logs.exitCode, 0);
        QVERIFY(logs.output.contains("demo"));
        QVERIFY(!run({u"logs"_s}).output.contains("for the record"));
    }

    // ---- runners and the queue

    void changesScaling()
    {
        const Outcome outcome = run({u"apps"_s, u"scale"_s, u"demo"_s, u"--keep-alive"_s, u"90"_s, u"--max-concurrency"_s, u"3"_s, u"--json"_s});
        QVERIFY2(outcome.exitCode == 0, outcome.errors.constData());
        QCOMPARE(outcome.json()[u"keep_alive"].toInt(), 90);
        QCOMPARE(outcome.json()[u"max_concurrency"].toInt(), 3);
        QCOMPARE(run({u"apps"_s, u"scale"_s, u"demo"_s}).exitCode, 2);
        QCOMPARE(run({u"apps"_s, u"scale"_s, u"demo"_s, u"--max-concurrency"_s, u"-1"_s}).exitCode, 2);
    }

    void listsAndStopsRunners()
    {
        QVERIFY(run({u"call"_s, u"demo"_s, u"prompt=x"_s}).exitCode == 0);
        const QJsonArray runners = run({u"runners"_s, u"list"_s, u"--json"_s}).json()[u"runners"].toArray();
        QVERIFY(!runners.isEmpty());
        const QJsonObject runner = runners.first().toObject();
        QCOMPARE(runner[u"alias"].toString(), u"demo"_s);
        const QString id = runner[u"runner_id"].toString();
        QCOMPARE(run({u"runners"_s, u"stop"_s, id}).exitCode, 0);
        QTRY_VERIFY_WITH_TIMEOUT(!run({u"apps"_s, u"runners"_s, u"demo"_s}).output.contains(id.toUtf8()), kCommandMs);
        QCOMPARE(run({u"runners"_s, u"kill"_s, u"nobody"_s}).exitCode, 1);
    }

    void pausesAndFlushes()
    {
        QCOMPARE(run({u"apps"_s, u"pause"_s, u"demo"_s}).exitCode, 0);
        const auto waiting = start({u"call"_s, u"demo"_s, u"prompt=x"_s, u"--queue"_s});
        QTRY_COMPARE_WITH_TIMEOUT(run({u"queue"_s, u"size"_s, u"demo"_s, u"--json"_s}).json()[u"size"].toInt(), 1, kCommandMs);
        QVERIFY(waitForErrors(*waiting, "paused"));
        QCOMPARE(run({u"queue"_s, u"flush"_s, u"demo"_s, u"--json"_s}).json()[u"cancelled"].toInt(), 1);
        QVERIFY(finish(*waiting).exitCode != 0);
        QCOMPARE(run({u"apps"_s, u"resume"_s, u"demo"_s}).exitCode, 0);
        QCOMPARE(run({u"call"_s, u"demo"_s, u"prompt=x"_s}).exitCode, 0);
    }

    void interruptCancelsACall()
    {
        QCOMPARE(run({u"apps"_s, u"pause"_s, u"demo"_s}).exitCode, 0);
        const auto waiting = start({u"call"_s, u"demo"_s, u"prompt=x"_s, u"--queue"_s});
        QVERIFY(waitForErrors(*waiting, "paused"));
        ::kill(static_cast<pid_t>(waiting->processId()), SIGINT);
        QCOMPARE(finish(*waiting).exitCode, 130);
        QCOMPARE(run({u"queue"_s, u"size"_s, u"demo"_s, u"--json"_s}).json()[u"size"].toInt(-1), 0);
        QCOMPARE(run({u"apps"_s, u"resume"_s, u"demo"_s}).exitCode, 0);
    }

    // ---- keys, secrets, hosts

    void makesAndRevokesKeys()
    {
        const Outcome made = run({u"keys"_s, u"create"_s, u"--scope"_s, u"admin"_s, u"--json"_s, u"--data"_s, m_folder.filePath(u"data"_s)});
        QVERIFY2(made.exitCode == 0, made.errors.constData());
        const QString key = made.json()[u"key"].toString();
        QCOMPARE(key.count(u':'), 1);
        m_key = key;
        QCOMPARE(run({u"auth"_s, u"whoami"_s, u"--json"_s}).json()[u"key_id"].toString(), key.section(u':', 0, 0));
        QVERIFY(run({u"keys"_s, u"list"_s}).output.contains(key.section(u':', 0, 0).toUtf8()));

        const Outcome api = run({u"keys"_s, u"create"_s, u"--scope"_s, u"api"_s, u"--desc"_s, u"for a test"_s, u"--json"_s});
        m_key = api.json()[u"key"].toString();
        QCOMPARE(run({u"call"_s, u"demo"_s, u"prompt=x"_s}).exitCode, 0);
        QCOMPARE(run({u"keys"_s, u"list"_s}).exitCode, 1); // not for a key of this scope
        const QString revoked = m_key;
        m_key = key;
        QCOMPARE(run({u"keys"_s, u"revoke"_s, revoked}).exitCode, 0);
        m_key = revoked;
        QCOMPARE(run({u"call"_s, u"demo"_s, u"prompt=x"_s}).exitCode, 1);
        m_key.clear();
    }

    void makesAKeyWhereNoHostRuns()
    {
        const Outcome made = run({u"keys"_s, u"create"_s, u"--json"_s, u"--data"_s, m_folder.filePath(u"new"_s), u"--host"_s, u"http://127.0.0.1:1"_s});
        QVERIFY2(made.exitCode == 0, made.errors.constData());
        QVERIFY(made.json()[u"key"].toString().contains(u':'));
    }

    void keepsSecretsSecret()
    {
        const Outcome set = run({u"secrets"_s, u"set"_s, u"TOKEN=hidden-value"_s, u"--json"_s});
        QVERIFY2(set.exitCode == 0, set.errors.constData());
        const Outcome listed = run({u"secrets"_s, u"list"_s, u"--json"_s});
        QVERIFY(listed.output.contains("TOKEN"));
        QVERIFY(!listed.output.contains("hidden-value"));
        QCOMPARE(run({u"secrets"_s, u"set"_s, u"no-value"_s}).exitCode, 2);
        QCOMPARE(run({u"secrets"_s, u"unset"_s, u"TOKEN"_s}).exitCode, 0);
        QVERIFY(!run({u"secrets"_s, u"list"_s}).output.contains("TOKEN"));
    }

    void namesHosts()
    {
        QCOMPARE(run({u"hosts"_s, u"add"_s, u"here"_s, m_url}).exitCode, 0);
        QVERIFY(run({u"hosts"_s, u"list"_s}).output.contains(m_url.toUtf8()));
        QCOMPARE(run({u"apps"_s, u"list"_s, u"--host"_s, u"here"_s}).exitCode, 0);
        QCOMPARE(run({u"apps"_s, u"list"_s, u"--host"_s, u"there"_s}).exitCode, 2);
        QCOMPARE(run({u"hosts"_s, u"remove"_s, u"here"_s}).exitCode, 0);
        QCOMPARE(run({u"hosts"_s, u"remove"_s, u"here"_s}).exitCode, 1);
    }

    void tellsThatNoHostAnswers()
    {
        const Outcome outcome = run({u"apps"_s, u"list"_s, u"--host"_s, u"http://127.0.0.1:1"_s, u"--json"_s});
        QCOMPARE(outcome.exitCode, 1);
        QCOMPARE(outcome.lastLine(), QByteArray("no host answers at http://127.0.0.1:1"));
        QCOMPARE(outcome.json()[u"error"].toObject()[u"code"].toString(), u"unavailable"_s);
    }

    void refusesWrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::newRow("no verb") << QStringList{u"apps"_s};
        QTest::newRow("unknown verb") << QStringList{u"apps"_s, u"paint"_s};
        QTest::newRow("no app") << QStringList{u"queue"_s, u"size"_s};
        QTest::newRow("unknown flag") << QStringList{u"logs"_s, u"--nope"_s};
        QTest::newRow("two ways to call") << QStringList{u"call"_s, u"demo"_s, u"--stream"_s, u"--queue"_s};
        QTest::newRow("level") << QStringList{u"logs"_s, u"--level"_s, u"loud"_s};
        QTest::newRow("time") << QStringList{u"logs"_s, u"--since"_s, u"yesterday"_s};
        QTest::newRow("scope") << QStringList{u"keys"_s, u"create"_s, u"--scope"_s, u"root"_s};
        QTest::newRow("input") << QStringList{u"call"_s, u"demo"_s, u"prompt"_s};
        QTest::newRow("nobody to ask") << QStringList{u"apps"_s, u"delete"_s, u"demo"_s};
    }

    void refusesWrongUsage()
    {
        QFETCH(QStringList, arguments);
        const Outcome outcome = run(arguments);
        QVERIFY2(outcome.exitCode == 2, outcome.errors.constData());
        QVERIFY(!outcome.errors.isEmpty());
    }

    // ---- run

    void runsAnAppUntilInterrupted()
    {
        const auto running = start({u"run"_s, u"app/app.yaml"_s, u"--name"_s, u"passing"_s});
        QVERIFY(waitForErrors(*running, "Deleted when this ends"));
        QVERIFY(m_errors.contains((m_url + u"/local/passing"_s).toUtf8()));
        QVERIFY(m_errors.contains("curl -s"));
        QVERIFY(waitForErrors(*running, "is ready on"));
        m_key.clear();
        QCOMPARE(run({u"call"_s, u"passing"_s, u"prompt=x"_s}).exitCode, 0);
        ::kill(static_cast<pid_t>(running->processId()), SIGINT);
        QCOMPARE(finish(*running).exitCode, 130);
        QVERIFY(!run({u"apps"_s, u"list"_s}).output.contains("passing"));
    }

    void anAppIsGoneWhenItsProcessDies()
    {
        const auto running = start({u"run"_s, u"app/app.yaml"_s, u"--name"_s, u"passing"_s, u"--json"_s});
        QVERIFY(running->waitForReadyRead(kCommandMs));
        QTRY_VERIFY_WITH_TIMEOUT(run({u"apps"_s, u"list"_s}).output.contains("passing"), kCommandMs);
        running->kill();
        QVERIFY(running->waitForFinished());
        QTRY_VERIFY_WITH_TIMEOUT(!run({u"apps"_s, u"list"_s}).output.contains("passing"), kCommandMs);
    }

    void startsAHostOfItsOwn()
    {
        QTcpSocket probe;
        probe.connectToHost(u"127.0.0.1"_s, 7870);
        if (probe.waitForConnected(1000))
            QSKIP("something listens on 127.0.0.1:7870");
        m_noHost = true;
        const auto running = start({u"run"_s, u"app/app.yaml"_s});
        QVERIFY2(waitForErrors(*running, "Deleted when this ends"), m_errors.constData());
        m_noHost = false;
        QCOMPARE(run({u"call"_s, u"demo"_s, u"prompt=x"_s, u"--host"_s, u"127.0.0.1:7870"_s}).exitCode, 0);
        ::kill(static_cast<pid_t>(running->processId()), SIGINT);
        QCOMPARE(finish(*running).exitCode, 130);
        probe.connectToHost(u"127.0.0.1"_s, 7870);
        QVERIFY(!probe.waitForConnected(1000));
    }

    // ---- around

    void doctorLooksAtEverything()
    {
        const Outcome outcome = run({u"doctor"_s, u"--json"_s});
        QStringList names;
        QStringList bad;
        for (const QJsonValue& check : outcome.json()[u"checks"].toArray()) {
            names += check.toObject()[u"name"].toString();
            if (check.toObject()[u"verdict"].toString() == u"bad"_s)
                bad += names.last();
        }
        QCOMPARE(bad, QStringList{u"worker"_s}); // this one does not tell its version
        QCOMPARE(outcome.exitCode, 1);
        QCOMPARE(names, (QStringList{u"version"_s, u"worker"_s, u"gpu"_s, u"disk"_s, u"host"_s, u"key"_s, u"clock"_s}));
    }

    void completesInBash()
    {
        const Outcome script = run({u"completion"_s, u"bash"_s});
        QCOMPARE(script.exitCode, 0);
        QProcess bash;
        bash.start(u"bash"_s, {u"-c"_s, QString::fromUtf8(script.output) + u"\nCOMP_WORDS=(tintype apps sc); COMP_CWORD=2; _tintype; echo \"${COMPREPLY[@]}\""_s});
        QVERIFY(bash.waitForFinished());
        QCOMPARE(bash.readAllStandardOutput().trimmed(), QByteArray("scale"));
    }

    void deletesAnApp()
    {
        QCOMPARE(run({u"apps"_s, u"delete"_s, u"demo"_s, u"--yes"_s}).exitCode, 0);
        QVERIFY(run({u"apps"_s, u"list"_s, u"--json"_s}).json()[u"apps"].toArray().isEmpty());
        QCOMPARE(run({u"apps"_s, u"delete"_s, u"demo"_s, u"--yes"_s}).exitCode, 1);
    }

private:
    QProcessEnvironment environment(const QByteArray& script = {}) const
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        for (const QString& name : {u"TINTYPE_HOST"_s, u"TINTYPE_CA"_s, u"TINTYPE_KEY"_s, u"FAL_KEY"_s})
            environment.remove(name);
        for (const QString& name : {u"CONFIG"_s, u"CACHE"_s, u"DATA"_s})
            environment.insert(u"XDG_"_s + name + u"_HOME"_s, m_folder.filePath(name.toLower()));
        environment.insert(u"TINTYPE_WORKER"_s, QString::fromUtf8(FAKE_WORKER));
        environment.insert(u"TINTYPE_FAKE_WORKER"_s, QString::fromUtf8(script));
        if (!m_noHost && !m_url.isEmpty())
            environment.insert(u"TINTYPE_HOST"_s, m_url);
        if (!m_key.isEmpty())
            environment.insert(u"TINTYPE_KEY"_s, m_key);
        return environment;
    }

    std::unique_ptr<QProcess> startHost(const QString& data, const QByteArray& script, QString& url)
    {
        auto host = std::make_unique<QProcess>();
        host->setProcessEnvironment(environment(script));
        host->setProcessChannelMode(QProcess::ForwardedErrorChannel);
        host->start(QString::fromUtf8(TINTYPE_PROGRAM), {u"serve"_s, u"--data"_s, m_folder.filePath(data), u"--listen"_s, u"127.0.0.1:0"_s});
        while (!host->canReadLine()) {
            if (!host->waitForReadyRead(kCommandMs))
                return nullptr;
        }
        const QByteArray line = host->readLine().trimmed();
        url = QString::fromUtf8(line.mid(line.indexOf("http")));
        return line.startsWith("ready http://") ? std::move(host) : nullptr;
    }

    std::unique_ptr<QProcess> start(const QStringList& arguments)
    {
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(environment());
        process->setWorkingDirectory(m_folder.path());
        m_errors.clear();
        process->start(QString::fromUtf8(TINTYPE_PROGRAM), arguments);
        process->closeWriteChannel();
        return process;
    }

    bool waitForErrors(QProcess& process, const QByteArray& text)
    {
        return QTest::qWaitFor(
            [&] {
                m_errors += process.readAllStandardError();
                return m_errors.contains(text);
            },
            kCommandMs);
    }

    static Outcome finish(QProcess& process)
    {
        if (process.state() != QProcess::NotRunning && !process.waitForFinished(kCommandMs))
            process.kill();
        return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, process.readAllStandardOutput(), process.readAllStandardError()};
    }

    Outcome run(const QStringList& arguments)
    {
        const QByteArray kept = m_errors;
        const auto process = start(arguments);
        const Outcome outcome = finish(*process);
        m_errors = kept;
        return outcome;
    }

    QJsonArray revisions() { return run({u"apps"_s, u"list-rev"_s, u"demo"_s, u"--json"_s}).json()[u"revisions"].toArray(); }

    void write(const QString& name, const QByteArray& bytes)
    {
        QFile file(m_folder.filePath(name));
        QVERIFY(file.open(QFile::WriteOnly));
        file.write(bytes);
    }

    QTemporaryDir m_folder;
    QString m_url;
    QString m_key;
    QString m_first;
    QByteArray m_errors;
    bool m_noHost = false;
    std::unique_ptr<QProcess> m_host;
};

QTEST_GUILESS_MAIN(TestCliHost)
#include "tst_cli_host.moc"
