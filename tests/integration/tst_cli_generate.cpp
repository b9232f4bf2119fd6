// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <csignal>
#include <memory>
#include <optional>

using namespace Qt::StringLiterals;

namespace {

struct Outcome {
    int exitCode = -1;
    QByteArray output;
    QByteArray errors;

    QByteArray lastLine() const { return errors.trimmed().split('\n').last(); }
};

} // namespace

/// The real `tintype` with a scripted worker.
class TestCliGenerate : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        QVERIFY(m_folder->isValid());
    }

    // ---- wrong usage: 2, and nothing is started

    void refusesWrongUsage_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("message");
        const auto row = [](const char* name, const QStringList& arguments, const char* message) {
            QTest::newRow(name) << arguments << QByteArray(message);
        };
        const QString o = u"-o"_s;
        const QString picture = u"p.png"_s;
        row("no model", {o, picture}, "--model is required");
        row("no output", {u"--model=m"_s, u"--prompt=p"_s}, "-o FILE is required");
        row("unknown flag", given({o, picture, u"--stepz=3"_s}), "--stepz");
        row("unknown extension", given({o, u"p.gif"_s}), "p.gif: the extension names no format");
        row("no extension", given({o, u"/dev/full"_s}), "/dev/full: the extension names no format");
        row("steps out of range", given({o, picture, u"--steps=1001"_s}), "--steps");
        row("no number", given({o, picture, u"--guidance=much"_s}), "--guidance");
        row("not finite", given({o, picture, u"--guidance=inf"_s}), "inf is not a finite number");
        row("negative seed", given({o, picture, u"--seed=-1"_s}), "--seed");
        row("no pictures", given({o, picture, u"--num-images=0"_s}), "--num-images");
        row("zero width", given({o, picture, u"--width=0"_s}), "--width");
        row("dtype", given({o, picture, u"--dtype=int8"_s}), "--dtype");
        row("device", given({o, picture, u"--device=tpu"_s}), "tpu is not auto, cpu, cuda or cuda:N");
        row("one file for both", given({o, picture, u"--save-latents"_s, picture}), "name the same file");
    }

    void refusesWrongUsage()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, message);
        const Outcome outcome = run("start=hang", QStringList{u"generate"_s} + arguments);
        QCOMPARE(outcome.exitCode, 2);
        QVERIFY2(outcome.errors.contains(message), outcome.errors.constData());
        QVERIFY(files().isEmpty());
    }

    void refusesNoCommandAndUnknownOnes()
    {
        QCOMPARE(run("", {}).exitCode, 2);
        QCOMPARE(run("", {u"paint"_s}).exitCode, 2);
    }

    // ---- outputs that cannot be written: told before computing, nothing left behind

    void detectsUnwritableOutputsFirst_data()
    {
        QTest::addColumn<QStringList>("arguments");
        QTest::addColumn<QByteArray>("message");
        const QString o = u"-o"_s;
        QTest::newRow("missing folder") << QStringList{o, u"no/p.png"_s}
                                        << QByteArray("no/p.png: cannot be written: No such file or directory");
        QTest::newRow("a folder") << QStringList{o, u"."_s, u"--format=png"_s}
                                  << QByteArray(".: cannot be written: Is a directory");
        QTest::newRow("a folder that is a file")
            << QStringList{o, u"/dev/null/p.png"_s}
            << QByteArray("/dev/null/p.png: cannot be written: Not a directory");
        QTest::newRow("latents") << QStringList{o, u"p.png"_s, u"--save-latents=no/l.st"_s}
                                 << QByteArray("no/l.st: cannot be written: No such file or directory");
        QTest::newRow("name too long")
            << QStringList{o, QString(300, QLatin1Char('x')) + u".png"_s}
            << QString(300, QLatin1Char('x')).toUtf8() + ".png: cannot be written: File name too long";
    }

    void detectsUnwritableOutputsFirst()
    {
        QFETCH(QStringList, arguments);
        QFETCH(QByteArray, message);
        const Outcome outcome = generate("start=hang", arguments);
        QCOMPARE(outcome.exitCode, 1);
        QCOMPARE(outcome.errors.trimmed(), message);
        QVERIFY(files().isEmpty());
    }

    void aFullDiskIsOneSentence()
    {
        const Outcome outcome = generate("", {u"-o"_s, u"/dev/full"_s, u"--format=png"_s});
        QCOMPARE(outcome.exitCode, 1);
        QCOMPARE(outcome.lastLine(), QByteArray("/dev/full: cannot be written: No space left on device"));
        QVERIFY(!QFileInfo(u"/dev/full"_s).isFile());
    }

    void aFullDiskBehindStandardOutputIsAFailure()
    {
        const Outcome outcome
            = generate("", {u"-o"_s, u"p.png"_s, u"--json"_s}, u"/dev/full"_s);
        QCOMPARE(outcome.exitCode, 1);
        QCOMPARE(outcome.lastLine(), QByteArray("standard output: cannot be written: No space left on device"));
    }

    void keepsTheOldPictureWhenOneOfSeveralCannotBeWritten()
    {
        QVERIFY(QDir(m_folder->path()).mkdir(u"p-2.png"_s));
        const Outcome outcome
            = generate("start=hang", {u"-o"_s, u"p.png"_s, u"--num-images=2"_s});
        QCOMPARE(outcome.exitCode, 1);
        QCOMPARE(files(), QStringList{u"p-2.png"_s});
    }

    // ---- failures of the worker

    void tellsWhyTheWorkerFailed_data()
    {
        QTest::addColumn<QByteArray>("script");
        QTest::addColumn<int>("exitCode");
        QTest::addColumn<QByteArray>("message");
        QTest::newRow("bad model") << QByteArray("load=fail:corrupt") << 1 << QByteArray("scripted failure");
        QTest::newRow("bad value") << QByteArray("generate=fail:invalid_argument") << 2
                                   << QByteArray("scripted failure");
        QTest::newRow("out of memory") << QByteArray("generate=exit:71") << 1
                                       << QByteArray("the worker ran out of memory");
        QTest::newRow("crash") << QByteArray("generate=signal:6") << 1
                               << QByteArray("the worker crashed: signal 6 (Aborted)");
        QTest::newRow("half a frame") << QByteArray("generate=half-frame") << 1
                                      << QByteArray("the worker's answer cannot be read: frame: the stream ended in "
                                                    "the middle of a frame, 16 bytes into it");
    }

    void tellsWhyTheWorkerFailed()
    {
        QFETCH(QByteArray, script);
        QFETCH(int, exitCode);
        QFETCH(QByteArray, message);
        const Outcome outcome = generate(script, {u"-o"_s, u"p.png"_s, u"--json"_s});
        QCOMPARE(outcome.exitCode, exitCode);
        QCOMPARE(outcome.lastLine(), message);
        const QJsonObject error = QJsonDocument::fromJson(outcome.output).object()[u"error"].toObject();
        QCOMPARE(error[u"message"].toString().toUtf8(), message);
        QVERIFY(files().isEmpty());
    }

    void tellsAMissingWorker()
    {
        m_worker = u"/nonexistent/worker"_s;
        const Outcome outcome = generate("", {u"-o"_s, u"p.png"_s});
        m_worker = QString::fromUtf8(FAKE_WORKER);
        QCOMPARE(outcome.exitCode, 1);
        QVERIFY(outcome.lastLine().startsWith("/nonexistent/worker: not a program that can be run"));
    }

    // ---- Ctrl-C

    void interruptCancelsWithinAStep()
    {
        const auto process = start("steps=1000 step_ms=50", {u"-o"_s, u"p.png"_s});
        QVERIFY(waitForErrors(*process, "step 2/"));
        ::kill(static_cast<pid_t>(process->processId()), SIGINT);
        const Outcome outcome = finish(*process);
        QCOMPARE(outcome.exitCode, 130);
        QCOMPARE(outcome.lastLine(), QByteArray("cancelled"));
        QVERIFY(files().isEmpty());
    }

    void interruptEndsALoad()
    {
        const auto process = start("load=hang", {u"-o"_s, u"p.png"_s});
        QVERIFY(waitForErrors(*process, "loading transformer"));
        ::kill(static_cast<pid_t>(process->processId()), SIGINT);
        QCOMPARE(finish(*process).exitCode, 130);
    }

    void secondInterruptEndsAHungStep()
    {
        const auto process = start("generate=hang", {u"-o"_s, u"p.png"_s});
        QVERIFY(waitForErrors(*process, "loading vae"));
        QTest::qWait(100);
        ::kill(static_cast<pid_t>(process->processId()), SIGINT);
        QVERIFY(waitForErrors(*process, "once more to end at once"));
        ::kill(static_cast<pid_t>(process->processId()), SIGINT);
        QCOMPARE(finish(*process).exitCode, 130);
    }

    // ---- the good way

    void writesThePictureAndTellsItsName()
    {
        const Outcome outcome = generate("", {u"-o"_s, u"p.png"_s});
        QCOMPARE(outcome.exitCode, 0);
        QCOMPARE(outcome.output, QByteArray("p.png\n"));
        QVERIFY(outcome.errors.contains("step 3/3"));
        QVERIFY(!outcome.errors.contains('\r')); // plain lines in a pipe
        QCOMPARE(read("p.png"), QByteArray(1000, 'x'));
        QCOMPARE(files(), QStringList{u"p.png"_s});
    }

    void replacesAFileBehindALinkAndKeepsItsPermissions()
    {
        const QString target = m_folder->filePath(u"old.png"_s);
        QFile old(target);
        QVERIFY(old.open(QFile::WriteOnly));
        old.close();
        QVERIFY(old.setPermissions(QFile::ReadOwner | QFile::WriteOwner));
        QVERIFY(QFile::link(u"old.png"_s, m_folder->filePath(u"p.png"_s)));
        QCOMPARE(generate("", {u"-o"_s, u"p.png"_s}).exitCode, 0);
        QVERIFY(QFileInfo(m_folder->filePath(u"p.png"_s)).isSymLink());
        QCOMPARE(read("old.png").size(), 1000);
        QVERIFY(!(QFile::permissions(target) & QFile::ReadGroup));
    }

    void numbersSeveralPictures()
    {
        const Outcome outcome = generate("",
            {u"-o"_s, u"p.jpg"_s, u"--num-images=3"_s,
                u"--save-latents=l.safetensors"_s, u"--preview-dir=previews"_s});
        QCOMPARE(outcome.exitCode, 0);
        QCOMPARE(outcome.output, QByteArray("p-1.jpg\np-2.jpg\np-3.jpg\nl.safetensors\n"));
        const QStringList expected{u"l.safetensors"_s, u"p-1.jpg"_s, u"p-2.jpg"_s,
            u"p-3.jpg"_s, u"previews"_s};
        QCOMPARE(files(), expected);
        QCOMPARE(read("previews/step-0003.jpg").size(), 1000);
    }

    void tellsTheResultAsJson()
    {
        const Outcome outcome = generate("",
            {u"-o"_s, u"p.webp"_s, u"--json"_s, u"--steps=2"_s,
                u"--guidance=3.5"_s, u"--scheduler=DDIMScheduler"_s});
        QCOMPARE(outcome.exitCode, 0);
        const QJsonObject object = QJsonDocument::fromJson(outcome.output).object();
        const QJsonObject image = object[u"images"].toArray().at(0).toObject();
        QCOMPARE(image[u"path"].toString(), u"p.webp"_s);
        QCOMPARE(image[u"file_size"].toInt(), 1000);
        QCOMPARE(object[u"seed"].toInt(), 42);
        QCOMPARE(object[u"num_inference_steps"].toInt(), 2);
        QCOMPARE(object[u"guidance_scale"].toDouble(), 3.5);
        QCOMPARE(object[u"scheduler"].toString(), u"DDIMScheduler"_s);
        QVERIFY(object[u"timings"].toObject().contains(u"denoise"));
    }

    void readsNumbersWithAPointInEveryLocale()
    {
        m_locale = u"de_DE.UTF-8"_s;
        const Outcome outcome
            = generate("", {u"-o"_s, u"p.png"_s, u"--guidance=2.5"_s});
        m_locale = u"C"_s;
        QCOMPARE(outcome.exitCode, 0);
    }

    void tellsItsVersion()
    {
        const Outcome outcome = run("", {u"--version"_s});
        QCOMPARE(outcome.exitCode, 0);
        QVERIFY(outcome.output.startsWith("tintype "));
        QVERIFY(outcome.errors.isEmpty()); // Qt says nothing of a locale that is not UTF-8
    }

    void engineCommandsBecomeTheWorker()
    {
        const Outcome outcome = run("", {u"inspect"_s, u"a b"_s, u"--help"_s});
        QCOMPARE(outcome.exitCode, 7);
        QCOMPARE(outcome.output, QByteArray("inspect\na b\n--help\n"));
    }

private:
    static QStringList given(const QStringList& more)
    {
        return QStringList{u"--model=m"_s, u"--prompt=a red circle"_s} + more;
    }

    std::unique_ptr<QProcess> launch(
        const QByteArray& script, const QStringList& arguments, const QString& outputFile = {})
    {
        QProcessEnvironment environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"TINTYPE_WORKER"_s, m_worker);
        environment.insert(u"TINTYPE_FAKE_WORKER"_s, QString::fromUtf8(script));
        environment.insert(u"LC_ALL"_s, m_locale);
        auto process = std::make_unique<QProcess>();
        process->setProcessEnvironment(environment);
        process->setWorkingDirectory(m_folder->path());
        if (!outputFile.isEmpty())
            process->setStandardOutputFile(outputFile);
        m_errors.clear();
        process->start(QString::fromUtf8(TINTYPE_PROGRAM), arguments);
        return process;
    }

    std::unique_ptr<QProcess> start(const QByteArray& script, const QStringList& arguments)
    {
        return launch(script, QStringList{u"generate"_s} + given(arguments));
    }

    bool waitForErrors(QProcess& process, const QByteArray& text)
    {
        return QTest::qWaitFor([&] {
            m_errors += process.readAllStandardError();
            return m_errors.contains(text);
        });
    }

    Outcome finish(QProcess& process)
    {
        Outcome outcome;
        if (process.waitForFinished(10'000) && process.exitStatus() == QProcess::NormalExit)
            outcome.exitCode = process.exitCode();
        outcome.output = process.readAllStandardOutput();
        outcome.errors = m_errors + process.readAllStandardError();
        return outcome;
    }

    Outcome run(const QByteArray& script, const QStringList& arguments)
    {
        return finish(*launch(script, arguments));
    }

    Outcome generate(const QByteArray& script, const QStringList& arguments, const QString& outputFile = {})
    {
        return finish(*launch(script, QStringList{u"generate"_s} + given(arguments), outputFile));
    }

    QStringList files() const
    {
        return QDir(m_folder->path()).entryList(QDir::AllEntries | QDir::Hidden | QDir::NoDotAndDotDot, QDir::Name);
    }

    QByteArray read(const char* name) const
    {
        QFile file(m_folder->filePath(QString::fromUtf8(name)));
        return file.open(QFile::ReadOnly) ? file.readAll() : QByteArray();
    }

    std::unique_ptr<QTemporaryDir> m_folder;
    QString m_worker = QString::fromUtf8(FAKE_WORKER);
    QString m_locale = u"C"_s;
    QByteArray m_errors;
};

QTEST_GUILESS_MAIN(TestCliGenerate)
#include "tst_cli_generate.moc"
