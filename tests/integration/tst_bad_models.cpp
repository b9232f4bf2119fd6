// SPDX-License-Identifier: Apache-2.0
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>
#include <functional>

using namespace Qt::StringLiterals;

namespace {

const QStringList kSmall{u"--width=64"_s, u"--height=64"_s};

} // namespace

/// The real `tintype` and the real worker on damaged copies of the shipped model, and with values that it does not allow.
class TestBadModels : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void refusesDamagedModels_data();
    void refusesDamagedModels();
    void refusesValues_data();
    void refusesValues();
    void drawsAndTellsHow();

private:
    struct Outcome {
        int exitCode = -1;
        QString errors;
    };
    using Damage = std::function<void(const QDir&)>;

    Outcome generate(const QString& model, const QStringList& more = {});
    static void edit(const QDir& model, const QString& file, const QString& field, const QJsonValue& value);
    static void resize(const QDir& model, const QString& file, qint64 change);
    static void replaceBytes(const QDir& model, const QString& file, const QByteArray& from, const QByteArray& to);

    QTemporaryDir m_folder;
    QString m_picture;
};

Q_DECLARE_METATYPE(std::function<void(const QDir&)>)

void TestBadModels::initTestCase()
{
    QVERIFY(m_folder.isValid());
    QVERIFY2(QDir(QStringLiteral(SHIPPED_MODEL)).exists(), SHIPPED_MODEL);
    m_picture = m_folder.filePath(u"p.png"_s);
    qputenv("XDG_CACHE_HOME", m_folder.filePath(u"cache"_s).toUtf8());
}

TestBadModels::Outcome TestBadModels::generate(const QString& model, const QStringList& more)
{
    QProcess process;
    process.start(QStringLiteral(TINTYPE_PROGRAM),
        QStringList{u"generate"_s, u"--model"_s, model, u"--prompt"_s, u"a secret prompt"_s, u"--steps"_s, u"1"_s, u"--guidance"_s, u"0"_s,
            u"-o"_s, m_picture} + more);
    process.waitForFinished(60'000);
    return {process.exitStatus() == QProcess::NormalExit ? process.exitCode() : -1, QString::fromUtf8(process.readAllStandardError())};
}

void TestBadModels::edit(const QDir& model, const QString& file, const QString& field, const QJsonValue& value)
{
    QFile handle(model.filePath(file));
    QVERIFY(handle.open(QIODevice::ReadOnly));
    QJsonObject object = QJsonDocument::fromJson(handle.readAll()).object();
    handle.close();
    object[field] = value;
    QVERIFY(handle.open(QIODevice::WriteOnly));
    handle.write(QJsonDocument(object).toJson());
}

void TestBadModels::resize(const QDir& model, const QString& file, qint64 change)
{
    QFile handle(model.filePath(file));
    QVERIFY(handle.resize(handle.size() + change));
}

void TestBadModels::replaceBytes(const QDir& model, const QString& file, const QByteArray& from, const QByteArray& to)
{
    QFile handle(model.filePath(file));
    QVERIFY(handle.open(QIODevice::ReadWrite));
    QByteArray bytes = handle.readAll();
    const qsizetype at = bytes.indexOf(from);
    QVERIFY(at >= 0);
    QCOMPARE(from.size(), to.size());
    handle.seek(at);
    handle.write(to);
}

void TestBadModels::refusesDamagedModels_data()
{
    QTest::addColumn<Damage>("damage");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, Damage damage, const QString& message) { QTest::newRow(name) << std::move(damage) << message; };
    const QString weights = u"transformer/diffusion_pytorch_model.safetensors"_s;
    const QString config = u"transformer/config.json"_s;
    row("no model_index", [](const QDir& m) { QFile::remove(m.filePath(u"model_index.json"_s)); }, u"not a model in diffusers layout"_s);
    row("another pipeline", [](const QDir& m) { edit(m, u"model_index.json"_s, u"_class_name"_s, u"KandinskyPipeline"_s); }, u"'KandinskyPipeline' is not supported"_s);
    row("truncated weights", [=](const QDir& m) { resize(m, weights, -100); }, u"truncated or not complete"_s);
    row("trailing bytes", [=](const QDir& m) { resize(m, weights, 8); }, u"truncated or not complete"_s);
    row("empty weights", [=](const QDir& m) { QFile::resize(m.filePath(weights), 0); }, u"0 bytes are too few"_s);
    row("weights gone", [=](const QDir& m) { QFile::remove(m.filePath(weights)); }, u"diffusion_pytorch_model.safetensors: not there"_s);
    row("missing key", [=](const QDir& m) { replaceBytes(m, weights, "\"x_embedder.bias\"", "\"y_embedder.bias\""); }, u"'x_embedder.bias' of shape"_s);
    row("wrong shape", [](const QDir& m) { edit(m, u"text_encoder/config.json"_s, u"intermediate_size"_s, 77); }, u"its config asks for"_s);
    row("unused keys", [=](const QDir& m) { edit(m, config, u"num_single_layers"_s, 1); }, u"that the config has no place for: single_transformer_blocks.1"_s);
    row("config out of range", [=](const QDir& m) { edit(m, config, u"num_attention_heads"_s, 0); }, u"num_attention_heads = 0 is not within 1 to 4096"_s);
    row("config of another type", [=](const QDir& m) { edit(m, config, u"guidance_embeds"_s, u"yes"_s); }, u"guidance_embeds = \"yes\" is not true or false"_s);
    row("broken config", [=](const QDir& m) { resize(m, config, -3); }, u"config.json: not valid JSON"_s);
    row("unknown scheduler", [](const QDir& m) { edit(m, u"scheduler/scheduler_config.json"_s, u"_class_name"_s, u"HeunDiscreteScheduler"_s); }, u"HeunDiscreteScheduler"_s);
    row("unknown activation", [](const QDir& m) { edit(m, u"text_encoder/config.json"_s, u"hidden_act"_s, u"swiglu"_s); }, u"activation 'swiglu' is not supported"_s);
    row("no tokenizer", [](const QDir& m) { QDir(m.filePath(u"tokenizer"_s)).removeRecursively(); }, u"tokenizer"_s);
    row("VAE block types", [](const QDir& m) { edit(m, u"vae/config.json"_s, u"norm_num_groups"_s, 3); }, u"cannot be split into 3 norm groups"_s);
}

void TestBadModels::refusesDamagedModels()
{
    QFETCH(const Damage, damage);
    QFETCH(const QString, message);
    const QDir model(m_folder.filePath(u"model"_s));
    QDir(model.path()).removeRecursively();
    QProcess::execute(u"cp"_s, {u"-r"_s, QStringLiteral(SHIPPED_MODEL), model.path()});
    damage(model);
    const Outcome outcome = generate(model.path(), kSmall);
    QVERIFY2(outcome.exitCode == 1 || outcome.exitCode == 2, qPrintable(outcome.errors));
    QVERIFY2(outcome.errors.contains(message), qPrintable(outcome.errors));
    QVERIFY2(!outcome.errors.contains(u"secret"_s), qPrintable(outcome.errors));
    QVERIFY(!QFile::exists(m_picture));
}

void TestBadModels::refusesValues_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("message");
    const auto row = [](const char* name, const QStringList& arguments, const QString& message) { QTest::newRow(name) << arguments << message; };
    row("too small", {u"--width=8"_s}, u"width = 8 is not within 16 to 16384"_s);
    row("too large", {u"--height=20000"_s}, u"height"_s);
    row("too many tokens", {u"--max-sequence-length=513"_s}, u"max-sequence-length"_s);
    row("SDXL's option", {u"--guidance-rescale=0.5"_s}, u"guidance-rescale is for SDXL"_s);
    row("no flow matching", {u"--scheduler=EulerDiscreteScheduler"_s}, u"needs a flow-matching scheduler"_s);
    row("no such scheduler", {u"--scheduler=Nonsense"_s}, u"Nonsense"_s);
    row("no such device", {u"--device=cuda:63"_s}, u"cuda:63"_s);
    row("no such dtype", {u"--dtype=int4"_s}, u"int4"_s);
}

void TestBadModels::refusesValues()
{
    QFETCH(const QStringList, arguments);
    QFETCH(const QString, message);
    const Outcome outcome = generate(QStringLiteral(SHIPPED_MODEL), arguments);
    QVERIFY2(outcome.exitCode == 1 || outcome.exitCode == 2, qPrintable(outcome.errors));
    QVERIFY2(outcome.errors.contains(message), qPrintable(outcome.errors));
    QVERIFY(!QFile::exists(m_picture));
}

void TestBadModels::drawsAndTellsHow()
{
    const QString latents = m_folder.filePath(u"l.safetensors"_s);
    const Outcome outcome = generate(QStringLiteral(SHIPPED_MODEL), kSmall + QStringList{u"--seed=5"_s, u"--save-latents"_s, latents});
    QVERIFY2(outcome.exitCode == 0, qPrintable(outcome.errors));
    QVERIFY(QFile::exists(latents));
    QProcess inspect;
    inspect.start(QStringLiteral(TINTYPE_PROGRAM), {u"inspect"_s, m_picture, u"--json"_s});
    QVERIFY(inspect.waitForFinished(30'000));
    const QJsonObject told = QJsonDocument::fromJson(inspect.readAllStandardOutput()).object()[u"provenance"_s].toObject();
    QCOMPARE(told[u"seed"_s].toInt(), 5);
    QCOMPARE(told[u"prompt"_s].toString(), u"a secret prompt"_s);
    QCOMPARE(told[u"weights_sha256"_s].toString().size(), 64);
    QCOMPARE(told[u"scheduler"_s].toObject()[u"class"_s].toString(), u"FlowMatchEulerDiscreteScheduler"_s);
    QFile::remove(m_picture);
}

QTEST_GUILESS_MAIN(TestBadModels)
#include "tst_bad_models.moc"
