// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/snippets.h"

#include "ui/models/json_text.h"

#include <QStringList>
#include <QUrl>

namespace tintype::ui {
namespace {

const QString kKey = QStringLiteral("YOUR_KEY_ID:YOUR_KEY_SECRET");

/// One word of a POSIX shell.
QString shellWord(QString text)
{
    text.replace(u'\'', QLatin1String("'\\''"));
    return u'\'' + text + u'\'';
}

QString indentedBy(const QString& text, int columns)
{
    return QString(text).replace(u'\n', u'\n' + QString(columns, u' '));
}

/// true, false and null outside of strings as Python writes them.
QString pythonLiteral(const QString& json)
{
    QString python;
    bool isInString = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const QChar character = json[i];
        const QStringView rest = QStringView(json).mid(i);
        if (isInString && character == u'\\' && i + 1 < json.size()) {
            python += character;
            python += json[++i];
            continue;
        }
        if (character == u'"')
            isInString = !isInString;
        const auto take = [&](const char* word, const char* instead) {
            if (isInString || !rest.startsWith(QLatin1String(word)))
                return false;
            python += QLatin1String(instead);
            i += QLatin1String(word).size() - 1;
            return true;
        };
        if (!take("true", "True") && !take("false", "False") && !take("null", "None"))
            python += character;
    }
    return python;
}

/// "[::1]:7870" or "host:443"
QString authority(const SnippetCall& call)
{
    const QUrl url(call.hostUrl);
    return url.authority(QUrl::FullyEncoded).section(u'@', -1);
}

QString runUrl(const SnippetCall& call)
{
    QString base = call.hostUrl;
    while (base.endsWith(u'/'))
        base.chop(1);
    return base + u'/' + call.endpoint;
}

QString curlText(const SnippetCall& call)
{
    QStringList parts{QStringLiteral("curl")};
    if (!call.caFile.isEmpty())
        parts += QStringLiteral("--cacert ") + shellWord(call.caFile);
    parts += shellWord(runUrl(call));
    if (call.needsKey)
        parts += QStringLiteral("-H ") + shellWord(QStringLiteral("Authorization: Key ") + kKey);
    parts += QStringLiteral("-H 'Content-Type: application/json'");
    parts += QStringLiteral("-d ") + shellWord(jsonIndented(call.input));
    return parts.join(QLatin1String(" \\\n  ")) + u'\n';
}

QString falPython(const SnippetCall& call)
{
    QString text = QStringLiteral("import os\n\n");
    text += QStringLiteral("os.environ[\"FAL_RUN_HOST\"] = %1  # before the import\n").arg(jsonString(authority(call)));
    text += QStringLiteral("os.environ[\"FAL_KEY\"] = \"%1\"\n").arg(kKey);
    if (!call.caFile.isEmpty())
        text += QStringLiteral("os.environ[\"SSL_CERT_FILE\"] = %1\n").arg(jsonString(call.caFile));
    text += QStringLiteral("import fal_client  # pip install fal-client\n\n");
    text += QStringLiteral("result = fal_client.run(\n    %1,\n    arguments=%2,\n)\nprint(result)\n")
                .arg(jsonString(call.endpoint), indentedBy(pythonLiteral(jsonIndented(call.input)), 4));
    return text;
}

QString plainPython(const SnippetCall& call)
{
    const QString key = call.needsKey ? QStringLiteral("\n    headers={\"Authorization\": \"Key %1\"},").arg(kKey) : QString();
    return QStringLiteral("# fal-client speaks TLS only, and this host has plain HTTP: so the same call with requests.\n"
                          "import requests  # pip install requests\n\n"
                          "answer = requests.post(\n    %1,%2\n    json=%3,\n    timeout=600,\n)\n"
                          "answer.raise_for_status()\nprint(answer.json())\n")
        .arg(jsonString(runUrl(call)), key, indentedBy(pythonLiteral(jsonIndented(call.input)), 4));
}

QString javaScriptText(const SnippetCall& call)
{
    QString text = QStringLiteral("import { fal } from \"@fal-ai/client\"; // npm install @fal-ai/client\n\n");
    text += QStringLiteral("fal.config({\n  proxyUrl: { url: %1, when: \"always\" }, // calls go to this host\n")
                .arg(jsonString(call.hostUrl));
    if (call.needsKey)
        text += QStringLiteral("  credentials: \"%1\",\n").arg(kKey);
    text += QStringLiteral("});\n\nconst { data } = await fal.run(%1, {\n  input: %2,\n});\nconsole.log(data);\n")
                .arg(jsonString(call.endpoint), indentedBy(jsonIndented(call.input), 2));
    return text;
}

} // namespace

QString snippetText(SnippetLanguage language, const SnippetCall& call)
{
    switch (language) {
    case SnippetLanguage::Curl: return curlText(call);
    case SnippetLanguage::Python:
        return call.hostUrl.startsWith(QLatin1String("https://"), Qt::CaseInsensitive) ? falPython(call) : plainPython(call);
    case SnippetLanguage::JavaScript: return javaScriptText(call);
    }
    return {};
}

} // namespace tintype::ui
