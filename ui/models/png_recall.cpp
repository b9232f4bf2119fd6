// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/png_recall.h"

#include "ui/models/format.h"
#include "ui/models/json_text.h"

#include <QCoreApplication>
#include <QFile>
#include <QtEndian>
#include <algorithm>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Json = nlohmann::ordered_json;

constexpr char kSignature[] = "\x89PNG\r\n\x1a\n";
constexpr qsizetype kSignatureLength = 8;
constexpr qsizetype kChunkFrame = 12; ///< length, type, CRC
constexpr qsizetype kLongestText = 8 << 20;
constexpr qint64 kMostBytes = 64 << 20; ///< of a file; text stands before the pixels
constexpr int kMostTexts = 100;

QString tr(const char* text)
{
    return QCoreApplication::translate("PictureRecall", text);
}

/// zlib data as a chunk has it; empty if it is damaged or too long.
QByteArray inflated(const QByteArray& data)
{
    QByteArray framed(4, Qt::Uninitialized); // qUncompress wants the expected length first
    qToBigEndian<quint32>(static_cast<quint32>(std::min(kLongestText, data.size() * 8)), framed.data());
    const QByteArray text = qUncompress(framed + data);
    return text.size() > kLongestText ? QByteArray() : text;
}

/// What stands after the key of an iTXt chunk: compression flag and method, language, translated key, text.
QString internationalText(const QByteArray& rest)
{
    if (rest.size() < 2)
        return {};
    const bool isCompressed = rest[0] != 0;
    const qsizetype language = rest.indexOf('\0', 2);
    const qsizetype key = language < 0 ? -1 : rest.indexOf('\0', language + 1);
    if (key < 0)
        return {};
    const QByteArray text = rest.mid(key + 1);
    return QString::fromUtf8(isCompressed ? inflated(text) : text);
}

PngText textOf(const QByteArray& type, const QByteArray& data)
{
    const qsizetype end = data.indexOf('\0');
    const QByteArray rest = data.mid(end + 1);
    const QString key = QString::fromLatin1(data.left(end));
    if (end < 1)
        return {};
    if (type == "tEXt")
        return {key, QString::fromLatin1(rest)};
    if (type == "iTXt")
        return {key, internationalText(rest)};
    return {key, QString::fromLatin1(inflated(rest.mid(1)))};
}

tl::unexpected<Error> damaged()
{
    return fail(ErrorCode::Corrupt, "the PNG is damaged: it ends within a chunk");
}

std::string textAt(const Json& json, const char* name)
{
    const auto found = json.find(name);
    return found != json.end() && found->is_string() ? found->get<std::string>() : std::string();
}

int wholeAt(const Json& json, const char* name, int fallback)
{
    const auto found = json.find(name);
    const double value = found != json.end() && found->is_number() ? found->get<double>() : fallback;
    return value >= 0 && value <= 1e6 ? static_cast<int>(value) : fallback;
}

/// The fields of a call, as the record of a picture names them.
Json inputFrom(const Json& record)
{
    Json input = Json::object();
    const auto copy = [&](const char* name) {
        if (const auto found = record.find(name); found != record.end() && !found->is_null() && !found->is_structured())
            input[name] = *found;
    };
    copy("prompt");
    copy("negative_prompt");
    if (record.contains("width") && record.contains("height"))
        input["image_size"] = {{"width", record["width"]}, {"height", record["height"]}};
    for (const char* name : {"num_inference_steps", "guidance_scale", "true_cfg_scale", "guidance_rescale", "max_sequence_length", "seed"})
        copy(name);
    if (record.contains("num_images"))
        input["num_images"] = record["num_images"];
    if (const auto scheduler = record.find("scheduler"); scheduler != record.end() && scheduler->is_object()) {
        if (const std::string name = textAt(*scheduler, "class"); !name.empty())
            input["scheduler"] = name;
    }
    return input;
}

PictureRecall recallFrom(const Json& record)
{
    PictureRecall recall;
    recall.input = qs(inputFrom(record).dump(-1, ' ', false, Json::error_handler_t::replace));
    recall.model = qs(textAt(record, "model"));
    recall.weightsHash = qs(textAt(record, "weights_sha256"));
    recall.commit = qs(textAt(record, "commit"));
    recall.engine = qs(textAt(record, "engine"));
    recall.device = qs(textAt(record, "device"));
    recall.dtype = qs(textAt(record, "dtype"));
    recall.index = wholeAt(record, "image_index", 0);
    recall.count = std::max(1, wholeAt(record, "num_images", 1));
    return recall;
}

/// "cuda:1" → "cuda"
QString kindOfDevice(const QString& device)
{
    return device.section(u':', 0, 0);
}

} // namespace

Result<QVector<PngText>> readPngTexts(const QByteArray& file)
{
    if (!file.startsWith(QByteArray::fromRawData(kSignature, kSignatureLength)))
        return fail(ErrorCode::Unsupported, "the file is no PNG");
    QVector<PngText> texts;
    qsizetype at = kSignatureLength;
    while (texts.size() < kMostTexts) {
        if (file.size() - at < kChunkFrame)
            return damaged();
        const quint32 length = qFromBigEndian<quint32>(file.constData() + at);
        const QByteArray type = file.mid(at + 4, 4);
        if (type == "IEND" || type == "IDAT")
            return texts; // ours stand before the pixels
        if (length > static_cast<quint64>(file.size() - at - kChunkFrame))
            return damaged();
        const bool isText = type == "tEXt" || type == "iTXt" || type == "zTXt";
        if (isText && length <= kLongestText)
            texts += textOf(type, file.mid(at + 8, length));
        at += kChunkFrame + length;
    }
    return texts;
}

Result<PictureRecall> recallPicture(const QByteArray& file)
{
    TINTYPE_TRY_ASSIGN(const QVector<PngText> texts, readPngTexts(file));
    const auto ours = std::ranges::find(texts, QStringLiteral("tintype"), &PngText::key);
    if (ours == texts.end())
        return fail(ErrorCode::Unsupported, "the picture does not say how it was made: Tintype did not draw it, or its text was taken out");
    const Json record = Json::parse(ours->text.toStdString(), nullptr, false);
    if (!record.is_object())
        return fail(ErrorCode::Corrupt, "what the picture says about its making is damaged");
    return recallFrom(record);
}

Result<PictureRecall> recallPictureFile(const QString& path)
{
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return fail(ErrorCode::Io, fmt::format("cannot read {}: {}", path.toStdString(), file.errorString().toStdString()));
    return recallPicture(file.read(kMostBytes));
}

QStringList replayNotes(const PictureRecall& recall, const ReplayPlace& place)
{
    QStringList notes;
    if (!recall.engine.isEmpty() && !place.engine.isEmpty() && !recall.engine.startsWith(place.engine + u' ') && recall.engine != place.engine)
        notes += tr("It was drawn by %1, this host runs %2.").arg(recall.engine, place.engine);
    if (!recall.device.isEmpty() && !place.device.isEmpty() && kindOfDevice(recall.device) != kindOfDevice(place.device))
        notes += tr("It was drawn on %1, this app runs on %2: other hardware rounds otherwise.").arg(recall.device, place.device);
    if (recall.weightsHash.isEmpty())
        notes += tr("It does not say which weights drew it.");
    else if (!place.weightsHashes.isEmpty() && !place.weightsHashes.contains(recall.weightsHash))
        notes += tr("The app's weights are others than those of “%1” (%2…).").arg(recall.model, recall.weightsHash.left(8));
    else if (place.weightsHashes.isEmpty())
        notes += tr("Whether the app has the weights of “%1” (%2…) is not known.").arg(recall.model, recall.weightsHash.left(8));
    if (recall.count > 1)
        notes += tr("It is picture %1 of a batch of %2: the whole batch is drawn again.").arg(recall.index + 1).arg(recall.count);
    return notes;
}

} // namespace tintype::ui
