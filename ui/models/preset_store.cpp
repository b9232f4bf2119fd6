// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/preset_store.h"

#include <QDateTime>
#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QSaveFile>
#include <QStandardPaths>
#include <algorithm>
#include <nlohmann/json.hpp>

namespace tintype::ui {
namespace {

using Json = nlohmann::ordered_json;

constexpr qint64 kMostBytes = 64LL << 20; ///< of the file

std::string dump(const Json& value, int indent = -1)
{
    return value.dump(indent, ' ', false, Json::error_handler_t::replace);
}

QString textField(const Json& object, const char* name)
{
    const auto field = object.find(name);
    return field != object.end() && field->is_string() ? QString::fromStdString(field->get<std::string>()) : QString();
}

} // namespace

struct PresetStore::Loaded {
    Presets presets;
    QString trouble;
};

QString PresetStore::defaultFile()
{
    return QStandardPaths::writableLocation(QStandardPaths::AppDataLocation) + QStringLiteral("/presets.json");
}

PresetStore::PresetStore(QString file, QObject* parent)
    : QObject(parent)
    , m_file(std::move(file))
{
    m_pool.setMaxThreadCount(1);
    m_pool.start([this, path = m_file] {
        QMetaObject::invokeMethod(this, [this, loaded = read(path)] {
            m_presets = loaded.presets;
            m_isLoaded = true;
            if (!loaded.trouble.isEmpty())
                Q_EMIT troubled(loaded.trouble);
            Q_EMIT changed();
        });
    });
}

PresetStore::~PresetStore()
{
    m_pool.waitForDone();
}

/// On the pool's thread.
PresetStore::Loaded PresetStore::read(const QString& path)
{
    QFile file(path);
    if (!file.exists())
        return {};
    if (!file.open(QIODevice::ReadOnly))
        return {{}, tr("The presets in %1 cannot be read: %2.").arg(path, file.errorString())};
    const Json root = file.size() > kMostBytes ? Json() : Json::parse(file.readAll().toStdString(), nullptr, false);
    const auto list = root.is_object() ? root.find("presets") : root.end();
    if (!root.is_object() || list == root.end() || !list->is_array()) {
        file.close();
        const QString aside = path + QStringLiteral(".broken-") + QDateTime::currentDateTimeUtc().toString(QStringLiteral("yyyyMMdd-HHmmss"));
        QFile::rename(path, aside);
        return {{}, tr("The file of presets was damaged. It is kept as %1, and a new one begins.").arg(aside)};
    }
    Loaded loaded;
    for (const Json& item : *list) {
        const QString name = item.is_object() ? textField(item, "name") : QString();
        const auto values = item.is_object() ? item.find("values") : item.end();
        if (!name.isEmpty() && values->is_object())
            loaded.presets[{textField(item, "app"), textField(item, "endpoint"), name}] = dump(*values);
    }
    return loaded;
}

void PresetStore::write()
{
    m_pool.start([this, path = m_file, presets = m_presets] {
        Json list = Json::array();
        for (const auto& [key, values] : presets) {
            const auto& [app, endpoint, name] = key;
            list.push_back({{"app", app.toStdString()}, {"endpoint", endpoint.toStdString()}, {"name", name.toStdString()},
                {"values", Json::parse(values, nullptr, false)}});
        }
        QDir().mkpath(QFileInfo(path).absolutePath());
        QSaveFile file(path);
        const QByteArray text = QByteArray::fromStdString(dump({{"version", 1}, {"presets", std::move(list)}}, 2) + '\n');
        if (file.open(QIODevice::WriteOnly) && file.write(text) == text.size() && file.commit())
            return;
        const QString sentence
            = tr("The presets cannot be written to %1: %2. They last until Tintype closes.").arg(path, file.errorString());
        QMetaObject::invokeMethod(this, [this, sentence] { Q_EMIT troubled(sentence); });
    });
}

QStringList PresetStore::names(const QString& app, const QString& endpoint) const
{
    QStringList names;
    for (auto at = m_presets.lower_bound({app, endpoint, {}}); at != m_presets.end(); ++at) {
        if (std::get<0>(at->first) != app || std::get<1>(at->first) != endpoint)
            break;
        names.push_back(std::get<2>(at->first));
    }
    return names;
}

QString PresetStore::values(const QString& app, const QString& endpoint, const QString& name) const
{
    const auto found = m_presets.find({app, endpoint, name});
    return found == m_presets.end() ? QString() : QString::fromStdString(found->second);
}

Result<> PresetStore::save(const QString& app, const QString& endpoint, const QString& name, const QString& values)
{
    const QString trimmed = name.trimmed();
    if (!m_isLoaded)
        return fail(ErrorCode::Unavailable, tr("The presets are still being read.").toStdString());
    if (trimmed.isEmpty())
        return fail(ErrorCode::InvalidArgument, tr("A preset needs a name.").toStdString());
    if (trimmed.size() > kLongestName)
        return fail(ErrorCode::InvalidArgument, tr("A preset's name has at most %1 characters.").arg(kLongestName).toStdString());
    const Json object = Json::parse(values.toStdString(), nullptr, false);
    if (!object.is_object())
        return fail(ErrorCode::InvalidArgument, tr("The form's values are not a JSON object.").toStdString());
    m_presets[{app, endpoint, trimmed}] = dump(object);
    write();
    Q_EMIT changed();
    return {};
}

Result<> PresetStore::rename(const QString& app, const QString& endpoint, const QString& from, const QString& to)
{
    const QString trimmed = to.trimmed();
    const QString kept = values(app, endpoint, from);
    if (kept.isEmpty())
        return fail(ErrorCode::NotFound, tr("There is no preset “%1”.").arg(from).toStdString());
    if (trimmed == from)
        return {};
    if (m_presets.contains({app, endpoint, trimmed}))
        return fail(ErrorCode::Conflict, tr("A preset “%1” is there already.").arg(trimmed).toStdString());
    TINTYPE_TRY(save(app, endpoint, trimmed, kept));
    remove(app, endpoint, from);
    return {};
}

void PresetStore::remove(const QString& app, const QString& endpoint, const QString& name)
{
    if (m_presets.erase({app, endpoint, name}) == 0)
        return;
    write();
    Q_EMIT changed();
}

} // namespace tintype::ui
