// SPDX-License-Identifier: Apache-2.0
#include "tests/integration/hub_fixture.h"

#include <QDirIterator>
#include <QTemporaryDir>
#include <QTest>
#include <memory>

using namespace tintype;
using namespace tintype::requirements;
using namespace tintype::tests;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr const char* kIndex = R"({"_class_name": "StableDiffusionXLPipeline", "image_encoder": [null, null],
    "tokenizer": ["transformers", "CLIPTokenizer"], "scheduler": ["diffusers", "EulerDiscreteScheduler"],
    "unet": ["diffusers", "UNet2DConditionModel"], "vae": ["diffusers", "AutoencoderKL"]})";
constexpr int kBigBytes = 3'000'000;
const auto kUnet = u"/org/tiny/unet/diffusion_pytorch_model.safetensors"_s;

} // namespace

class TestHubFetch : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_root = std::make_unique<QTemporaryDir>();
        const QString tiny = m_root->path() + u"/org/tiny/"_s;
        put(tiny + u"model_index.json"_s, kIndex);
        put(tiny + u"README.md"_s, "---\nlicense: mit\n---\n");
        put(tiny + u"picture.png"_s, noise(9000, 1));
        put(tiny + u"tiny.safetensors"_s, noise(9000, 2));
        put(tiny + u"tokenizer/vocab.json"_s, "{}");
        put(tiny + u"tokenizer/merges.txt"_s, "");
        put(tiny + u"scheduler/scheduler_config.json"_s, "{\"a\": 1}");
        put(tiny + u"unet/config.json"_s, "{\"b\": 2}");
        put(tiny + u"unet/diffusion_pytorch_model.safetensors"_s, noise(kBigBytes, 3));
        put(tiny + u"unet/diffusion_pytorch_model.fp16.safetensors"_s, noise(20'000, 4));
        put(tiny + u"vae/config.json"_s, "{\"b\": 2}"); // the same blob as unet's
        put(tiny + u"vae/diffusion_pytorch_model.safetensors"_s, noise(100'000, 5));
        put(m_root->path() + u"/org/single/one.safetensors"_s, noise(9000, 6));
        m_hub = std::make_unique<Hub>(m_root->path());
        QVERIFY(m_hub->address.startsWith(u"http://"_s));
    }

    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_hub->set({{u"relative"_s, true}});
    }

    void fetchesWhatIsWanted()
    {
        Fetcher fetcher(settings());
        Run run(fetcher, {.requirements = {hub("org/tiny")}, .token = "secret"});
        const QString folder = run.wait();
        QVERIFY2(folder.startsWith(own()), qPrintable(folder));
        QCOMPARE(contentAt(folder + u"/unet/diffusion_pytorch_model.safetensors"_s), contentAt(m_root->path() + kUnet));
        QCOMPARE(filesBelow(folder),
            (QStringList{u"README.md"_s, u"model_index.json"_s, u"scheduler/scheduler_config.json"_s,
                u"tokenizer/merges.txt"_s, u"tokenizer/vocab.json"_s, u"unet/config.json"_s,
                u"unet/diffusion_pytorch_model.safetensors"_s, u"vae/config.json"_s,
                u"vae/diffusion_pytorch_model.safetensors"_s}));
        QVERIFY(!run.progress.empty());
        QCOMPARE(run.progress.back().bytesDone, run.progress.back().bytesTotal);
        QVERIFY(run.progress.back().bytesTotal > kBigBytes);
        const auto seen = m_hub->seen();
        QCOMPARE(seen[u"store_saw_authorization"].toBool(), false);
        QVERIFY(seen[u"hub_tokens"].toArray().contains(u"Bearer secret"_s));
    }

    void theSecondTimeAsksForNothingNew()
    {
        Fetcher fetcher(settings());
        const QString folder = Run(fetcher, {.requirements = {hub("org/tiny")}}).wait();
        const std::string commit = QFileInfo(folder).fileName().toStdString();
        m_hub->set({});
        QCOMPARE(Run(fetcher, {.requirements = {hub("org/tiny", commit)}}).wait(), folder);
        QCOMPARE(m_hub->seen()[u"requests"].toArray().size(), 0); // a commit that is there needs no hub
        QCOMPARE(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait(), folder);
        QCOMPARE(m_hub->seen()[u"requests"].toArray().size(), 1); // a branch may have moved
    }

    void takesOneVariant()
    {
        Fetcher fetcher(settings());
        const QString folder = Run(fetcher, {.requirements = {hub("org/tiny")}, .variant = "fp16"}).wait();
        QVERIFY(QFile::exists(folder + u"/unet/diffusion_pytorch_model.fp16.safetensors"_s));
        QVERIFY(!QFile::exists(folder + u"/unet/diffusion_pytorch_model.safetensors"_s));
        QVERIFY(QFile::exists(folder + u"/vae/diffusion_pytorch_model.safetensors"_s)); // which has no such variant
    }

    void sharesOneFetch()
    {
        Fetcher fetcher(settings());
        m_hub->set({{u"slow"_s, 0.01}});
        Run first(fetcher, {.requirements = {hub("org/tiny")}});
        Run second(fetcher, {.requirements = {hub("org/tiny")}});
        Run cancelled(fetcher, {.requirements = {hub("org/tiny")}});
        fetcher.cancel(cancelled.ticket);
        QCOMPARE(first.wait(), second.wait());
        QVERIFY(first.wait().startsWith(own()));
        QCOMPARE(m_hub->requestsFor(u"GET "_s + kUnet), 1);
        QVERIFY(cancelled.results.empty());
    }

    void twoVariantsAtOnceShareTheirFiles()
    {
        Fetcher fetcher(settings());
        m_hub->set({{u"slow"_s, 0.01}});
        Run plain(fetcher, {.requirements = {hub("org/tiny")}});
        Run half(fetcher, {.requirements = {hub("org/tiny")}, .variant = "fp16"});
        QCOMPARE(plain.wait(), half.wait());
        QCOMPARE(m_hub->requestsFor(u"GET /org/tiny/vae/diffusion_pytorch_model.safetensors"_s), 1);
    }

    void stopsWhenNobodyWaitsAndGoesOnLater()
    {
        m_hub->set({{u"slow"_s, 0.02}});
        {
            Fetcher fetcher(settings());
            Run run(fetcher, {.requirements = {hub("org/tiny")}});
            QTRY_VERIFY(!run.progress.empty() && run.progress.back().bytesDone > 500'000);
            fetcher.cancel(run.ticket);
            fetcher.cancel(run.ticket);
            fetcher.cancel(12345);
            QTest::qWait(100);
            QVERIFY(run.results.empty());
        }
        const qint64 there = partialBytes();
        QVERIFY(there > 0);
        m_hub->set({});
        Fetcher restarted(settings());
        const QString folder = Run(restarted, {.requirements = {hub("org/tiny")}}).wait();
        QVERIFY2(isWhole(folder), qPrintable(folder));
        QVERIFY(m_hub->seen()[u"store_bytes"].toInt() <= kBigBytes + 100'000 - there);
        QCOMPARE(partialBytes(), 0);
    }

    void survivesWhatPasses_data()
    {
        QTest::addColumn<QJsonObject>("switches");
        const QString listing = u"/api/models/org/tiny/revision/main"_s;
        const auto failing = [](const QString& path, const QJsonArray& statuses) {
            return QJsonObject{{u"fail"_s, QJsonObject{{path, statuses}}}};
        };
        QTest::newRow("connections that break off") << QJsonObject{{u"drop_after"_s, 700'000}};
        QTest::newRow("connections that break off, no ranges")
            << QJsonObject{{u"drop_after"_s, 700'000}, {u"drops"_s, 2}, {u"no_ranges"_s, true}};
        QTest::newRow("503 for the list") << failing(listing, {503, 500});
        QTest::newRow("429 for the list") << failing(listing, {429});
        QTest::newRow("503 from the store") << failing(kUnet, {503, 502});
        QTest::newRow("an address that expired") << failing(kUnet, {403});
        QJsonObject told = failing(kUnet, {429});
        told[u"retry_after"_s] = 1;
        QTest::newRow("429 with Retry-After") << told;
    }

    void survivesWhatPasses()
    {
        QFETCH(QJsonObject, switches);
        m_hub->set(switches);
        Fetcher fetcher(settings());
        const QString folder = Run(fetcher, {.requirements = {hub("org/tiny")}}).wait();
        QVERIFY2(isWhole(folder), qPrintable(folder));
    }

    void waitsAsLongAsTheHubAsks()
    {
        m_hub->set({{u"fail"_s, QJsonObject{{u"/api/models/org/tiny/revision/main"_s, QJsonArray{429}}}},
            {u"retry_after"_s, 1}});
        Fetcher fetcher(settings());
        QElapsedTimer timer;
        timer.start();
        QVERIFY(isWhole(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait()));
        QVERIFY(timer.elapsed() >= 1000); // the policy's own wait would be 10 ms
    }

    void failsInOneSentence_data()
    {
        QTest::addColumn<QJsonObject>("switches");
        QTest::addColumn<QString>("name");
        QTest::addColumn<QString>("token");
        QTest::addColumn<QString>("message");
        const QString page = m_hub->address + u"/org/tiny"_s;
        const QJsonObject gated{{u"gated"_s, QJsonArray{u"org/tiny"_s}}, {u"tokens"_s, QJsonArray{u"good"_s}}};
        const auto row = [](const char* title, const QJsonObject& switches, const QString& name, const QString& token,
                             const QString& message) { QTest::newRow(title) << switches << name << token << message; };
        const QString tiny = u"org/tiny"_s;
        row("gated", gated, tiny, {},
            u"org/tiny is gated: accept its licence on %1 and set a secret HF_TOKEN of that account"_s.arg(page));
        row("gated for this account", gated, tiny, u"bad"_s,
            u"org/tiny is gated, and the account of HF_TOKEN has no access: accept its licence on %1 with that account"_s
                .arg(page));
        row("no such repository", {}, u"org/none"_s, {},
            u"org/none: the hub has no such repository, or it is private: check the name, or set a secret HF_TOKEN that may read it"_s);
        row("no such revision", {}, u"org/tiny@v9"_s, {}, u"org/tiny has no revision 'v9'"_s);
        row("not a diffusers model", {}, u"org/single"_s, {},
            u"org/single@main: has no model_index.json; this is not a model in diffusers layout"_s);
        row("not a name", {}, u"../etc"_s, {}, u"'../etc' is not a repository of the hub (org/name)"_s);
        row("wrong bytes", {{u"corrupt"_s, QJsonArray{u"unet/diffusion_pytorch_model.safetensors"_s}}}, tiny, {},
            u"org/tiny: unet/diffusion_pytorch_model.safetensors: what arrived does not have the hash that the hub lists; it was deleted"_s);
        row("another hash than listed", {{u"other_etag"_s, QJsonArray{u"unet/diffusion_pytorch_model.safetensors"_s}}},
            tiny, {},
            u"org/tiny: unet/diffusion_pytorch_model.safetensors: the hub sends another file than it lists"_s);
        row("down for good", {{u"fail"_s, QJsonObject{{kUnet, QJsonArray{503, 503, 503, 503, 503, 503}}}}}, tiny, {},
            u"org/tiny: unet/diffusion_pytorch_model.safetensors: the store that the hub redirects to answered 503"_s);
        row("no progress", {{u"drop_after"_s, 500'000}, {u"no_ranges"_s, true}}, tiny, {},
            u"org/tiny: unet/diffusion_pytorch_model.safetensors: 127.0.0.1 cannot be reached: the connection failed"_s);
        const QJsonObject out{{u"rfilename"_s, u"../../escape"_s}, {u"size"_s, 1}, {u"blobId"_s, QString(40, u'a')}};
        row("a name that leads out", {{u"list_extra"_s, QJsonArray{out}}}, tiny, {},
            u"org/tiny: the hub's list of files cannot be used: a file name leads out of the repository"_s);
    }

    void failsInOneSentence()
    {
        QFETCH(QJsonObject, switches);
        QFETCH(QString, name);
        QFETCH(QString, token);
        QFETCH(QString, message);
        m_hub->set(switches);
        Fetcher fetcher(settings());
        const auto parts = name.split(u'@');
        Run run(fetcher,
            {.requirements = {hub(parts[0].toStdString(), parts.size() > 1 ? parts[1].toStdString() : "main")},
                .token = token.toStdString()});
        QString told = run.wait();
        // Which of two large files is first to fail is left open.
        told.replace(u"vae/diffusion"_s, u"unet/diffusion"_s);
        QCOMPARE(told, message);
        QCOMPARE(run.results.size(), 1U);
        if (switches.contains(u"corrupt"_s)) { // gone, so that the next try is a fresh one
            m_hub->set({});
            QVERIFY(isWhole(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait()));
        }
    }

    void theRightTokenOpensAGate()
    {
        m_hub->set({{u"gated"_s, QJsonArray{u"org/tiny"_s}}, {u"tokens"_s, QJsonArray{u"good"_s}}});
        Fetcher fetcher(settings());
        Run without(fetcher, {.requirements = {hub("org/tiny")}});
        Run with(fetcher, {.requirements = {hub("org/tiny")}, .token = "good"});
        QVERIFY(isWhole(with.wait()));
        QVERIFY(without.wait().startsWith(u"org/tiny is gated"_s));
        QCOMPARE(m_hub->seen()[u"store_saw_authorization"].toBool(), false);
    }

    void tellsWhatTheDiskLacks()
    {
        HubSettings full = settings();
        full.freeBytes = [](const std::string&) { return 1000; };
        Fetcher fetcher(full);
        const QString message = Run(fetcher, {.requirements = {hub("org/tiny")}}).wait();
        QVERIFY2(message.startsWith(u"org/tiny@main: 3100"_s) && message.endsWith(u", and 1000 are free"_s),
            qPrintable(message));
    }

    void offlineTakesWhatIsThere()
    {
        HubSettings offline = settings();
        offline.offline = true;
        {
            Fetcher fetcher(offline);
            QCOMPARE(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait(),
                u"org/tiny@main is not in the caches of this host, and HF_HUB_OFFLINE forbids to fetch it"_s);
            QVERIFY(!waitFor(fetcher.resolveHubRevision("org/tiny", "main")));
        }
        QString folder;
        {
            Fetcher fetcher(settings());
            folder = Run(fetcher, {.requirements = {hub("org/tiny")}}).wait();
        }
        m_hub->set({});
        Fetcher fetcher(offline);
        QCOMPARE(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait(), folder);
        QCOMPARE(waitFor(fetcher.resolveHubRevision("org/tiny", "main")).value(),
            QFileInfo(folder).fileName().toStdString());
        QCOMPARE(m_hub->seen()[u"requests"].toArray().size(), 0);
        QFile::remove(folder + u"/vae/config.json"_s);
        QVERIFY(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait().startsWith(u"org/tiny@main is not in"_s));
    }

    void aHubThatIsAwayIsNoHarmWhenAllIsThere()
    {
        QString folder;
        {
            Fetcher fetcher(settings());
            folder = Run(fetcher, {.requirements = {hub("org/tiny")}}).wait();
        }
        HubSettings away = settings();
        away.endpoint = "http://127.0.0.1:1";
        away.retry.attempts = 2;
        Fetcher fetcher(away);
        QCOMPARE(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait(), folder);
        const QString message = Run(fetcher, {.requirements = {hub("org/other")}}).wait();
        QCOMPARE(message, u"org/other@main: 127.0.0.1 cannot be reached: the connection failed"_s);
    }

    void resolvesARevision()
    {
        Fetcher fetcher(settings());
        const auto commit = waitFor(fetcher.resolveHubRevision("org/tiny", "main"));
        QVERIFY(commit && isCommit(*commit));
        QCOMPARE(waitFor(fetcher.resolveHubRevision("org/tiny", "refs/pr/1")).value(), *commit);
        QCOMPARE(waitFor(fetcher.resolveHubRevision("org/tiny", "v9")).error().message,
            std::string("org/tiny has no revision 'v9'"));
        QCOMPARE(waitFor(fetcher.resolveHubRevision("tiny", "main")).error().code, ErrorCode::InvalidArgument);
    }

    void meetsTheOtherKindsOfRequirements()
    {
        using Kind = domain::Requirement::Kind;
        QDir().mkpath(m_folder->path() + u"/app/models/m"_s);
        const std::string app = m_folder->path().toStdString() + "/app";
        Fetcher fetcher(settings());
        const auto one = [&fetcher, &app](Kind kind, const std::string& name) {
            return Run(fetcher, {.requirements = {{kind, "r:" + name, name, {}}}, .definitionFolder = app}).wait();
        };
        QCOMPARE(one(Kind::File, "models/m"), QString::fromStdString(app + "/models/m"));
        QCOMPARE(one(Kind::File, "models/none"),
            QString::fromStdString("r:models/none: the folder " + app + "/models/none is not there"));
        QCOMPARE(one(Kind::File, "../x"), u"r:../x: must be a folder beside the definition"_s);
        QCOMPARE(one(Kind::Pip, "diffusers"), u"r:diffusers: Python packages are not installed by this version"_s);
        Run mixed(fetcher, {.requirements = {hub("org/tiny"), {Kind::Pip, "numpy", "numpy", {}}}});
        QCOMPARE(mixed.wait(), u"numpy: Python packages are not installed by this version"_s);
        Run nothing(fetcher, {});
        QTRY_COMPARE(nothing.results.size(), 1U);
        QVERIFY(nothing.results.front().has_value());
        QCOMPARE(mixed.results.size(), 1U);
    }

    // ---- the hub's own client

    void theHubsClientReadsOurCache()
    {
        if (!QFile::exists(QStringLiteral(HUB_PYTHON)))
            QSKIP("no Python with huggingface_hub");
        Fetcher fetcher(settings());
        const QString folder = Run(fetcher, {.requirements = {hub("org/tiny")}}).wait();
        QCOMPARE(python(u"print(snapshot_download('org/tiny', local_files_only=True))"_s, own()), folder);
        const QString scan = u"from huggingface_hub import scan_cache_dir as s; r = list(s().repos); "
                             "print(len(r), r[0].repo_id, r[0].nb_files, len(s().warnings))"_s;
        QCOMPARE(python(scan, own()), u"1 org/tiny 8 0"_s); // two of the nine are the same blob
        // It finds all of them in place, and adds what we left out.
        m_hub->set({{u"relative"_s, true}});
        QCOMPARE(python(u"print(snapshot_download('org/tiny'))"_s, own()), folder);
        QCOMPARE(m_hub->requestsFor(u"GET "_s + kUnet), 0);
        QVERIFY(m_hub->requestsFor(u"picture.png"_s) > 0);
    }

    void weReadTheCacheOfTheHubsClient()
    {
        if (!QFile::exists(QStringLiteral(HUB_PYTHON)))
            QSKIP("no Python with huggingface_hub");
        const QString user = m_folder->path() + u"/user"_s;
        const QString folder
            = python(u"print(snapshot_download('org/tiny', ignore_patterns=['*.png', 'README.md']))"_s, user);
        QVERIFY2(isWhole(folder), qPrintable(folder));
        HubSettings both = settings();
        both.userCacheFolder = user.toStdString();
        m_hub->set({});
        Fetcher fetcher(both);
        QCOMPARE(Run(fetcher, {.requirements = {hub("org/tiny")}}).wait(), folder);
        QCOMPARE(m_hub->requestsFor(u"/resolve/"_s), 0);
        both.offline = true;
        Fetcher offline(both);
        QCOMPARE(Run(offline, {.requirements = {hub("org/tiny")}}).wait(), folder);
        QFile::remove(folder + u"/vae/diffusion_pytorch_model.safetensors"_s);
        both.offline = false;
        Fetcher again(both);
        const QString fetched = Run(again, {.requirements = {hub("org/tiny")}}).wait();
        QVERIFY2(fetched.startsWith(own()), qPrintable(fetched)); // theirs is only read
    }

private:
    QString own() const { return m_folder->path() + u"/own"_s; }

    HubSettings settings() const
    {
        HubSettings settings;
        settings.endpoint = m_hub->address.toStdString();
        settings.cacheFolder = own().toStdString();
        settings.retry = {.attempts = 5, .firstDelay = 10ms, .maxDelay = 50ms, .longestRetryAfter = 5s};
        return settings;
    }

    static QStringList filesBelow(const QString& folder)
    {
        QStringList files;
        for (QDirIterator entry(folder, QDir::Files, QDirIterator::Subdirectories); entry.hasNext();)
            files << QDir(folder).relativeFilePath(entry.next());
        files.sort();
        return files;
    }

    bool isWhole(const QString& folder) const
    {
        return contentAt(folder + u"/unet/diffusion_pytorch_model.safetensors"_s) == contentAt(m_root->path() + kUnet)
            && contentAt(folder + u"/scheduler/scheduler_config.json"_s) == "{\"a\": 1}";
    }

    qint64 partialBytes() const
    {
        qint64 bytes = 0;
        for (QDirIterator entry(own(), {u"*.incomplete"_s}, QDir::Files, QDirIterator::Subdirectories);
             entry.hasNext();)
            bytes += QFileInfo(entry.next()).size();
        return bytes;
    }

    static Result<std::string> waitFor(QFuture<Result<std::string>> future)
    {
        if (!QTest::qWaitFor([&future] { return future.isFinished(); }))
            return fail(ErrorCode::Timeout, "no answer");
        return future.result();
    }

    QString python(const QString& code, const QString& cache) const
    {
        QProcess process;
        auto environment = QProcessEnvironment::systemEnvironment();
        environment.insert(u"HF_ENDPOINT"_s, m_hub->address);
        environment.insert(u"HF_HUB_CACHE"_s, cache);
        environment.insert(u"HF_HOME"_s, m_folder->path() + u"/hf"_s);
        for (const QString& name :
            {u"HF_HUB_DISABLE_XET"_s, u"HF_HUB_DISABLE_TELEMETRY"_s, u"HF_HUB_DISABLE_PROGRESS_BARS"_s})
            environment.insert(name, u"1"_s);
        process.setProcessEnvironment(environment);
        process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        process.start(
            QStringLiteral(HUB_PYTHON), {u"-c"_s, u"from huggingface_hub import snapshot_download\n"_s + code});
        process.waitForFinished(60'000);
        return QString::fromUtf8(process.readAllStandardOutput().trimmed());
    }

    std::unique_ptr<QTemporaryDir> m_root; ///< the repositories
    std::unique_ptr<QTemporaryDir> m_folder; ///< caches, of one test
    std::unique_ptr<Hub> m_hub;
};

QTEST_GUILESS_MAIN(TestHubFetch)
#include "tst_hub_fetch.moc"
