// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "deploy/requirements/fetcher.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QProcess>
#include <QRandomGenerator>
#include <QTest>
#include <memory>
#include <vector>

/// What the tests of the fetcher share: the test hub, and one call of a fetcher.
namespace tintype::tests {
using namespace Qt::StringLiterals;

inline void put(const QString& where, const QByteArray& content)
{
    QDir().mkpath(QFileInfo(where).path());
    QFile file(where);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.write(content);
}

inline QByteArray contentAt(const QString& where)
{
    QFile file(where);
    return file.open(QIODevice::ReadOnly) ? file.readAll() : QByteArray();
}

inline QByteArray noise(int bytes, quint32 seed)
{
    QRandomGenerator random(seed);
    QByteArray content(bytes, '\0');
    for (char& byte : content)
        byte = static_cast<char>(random.generate());
    return content;
}

/// The test hub in a process of its own.
class Hub {
public:
    explicit Hub(const QString& root)
    {
        m_process.setProcessChannelMode(QProcess::ForwardedErrorChannel);
        m_process.start(QStringLiteral(ANY_PYTHON), {QStringLiteral(HUB_SERVER), root});
        m_process.waitForReadyRead();
        address = QString::fromUtf8(m_process.readLine().trimmed().mid(6));
    }

    ~Hub()
    {
        m_process.kill();
        m_process.waitForFinished();
    }

    void set(const QJsonObject& switches) { call(QJsonDocument(switches).toJson()); }
    QJsonObject seen() { return QJsonDocument::fromJson(call({})).object(); }

    int requestsFor(const QString& part)
    {
        int count = 0;
        for (const auto& request : seen()[u"requests"].toArray())
            count += request.toString().contains(part) ? 1 : 0;
        return count;
    }

    QString address;

private:
    QByteArray call(const QByteArray& body)
    {
        QNetworkRequest request(QUrl(address + u"/_control"_s));
        request.setHeader(QNetworkRequest::ContentTypeHeader, u"application/json"_s);
        std::unique_ptr<QNetworkReply> reply(body.isEmpty() ? m_network.get(request) : m_network.post(request, body));
        if (!QTest::qWaitFor([&reply] { return reply->isFinished(); }))
            return {};
        return reply->readAll();
    }

    QProcess m_process;
    QNetworkAccessManager m_network;
};

inline domain::Requirement hub(const std::string& name, const std::string& revision = "main")
{
    return {domain::Requirement::Kind::Hub, "hf:" + name + "@" + revision, name, revision};
}

/// One call of a fetcher, and what it told.
class Run {
public:
    Run(requirements::Fetcher& fetcher, const requirements::FetchRequest& request)
    {
        QObject::connect(&fetcher, &requirements::Fetcher::progressed, &m_context,
            [this](quint64 number, const requirements::FetchProgress& given) {
                if (number == ticket)
                    progress.push_back(given);
            });
        QObject::connect(
            &fetcher, &requirements::Fetcher::finished, &m_context, [this](quint64 number, const auto& given) {
                if (number == ticket)
                    results.push_back(given);
            });
        ticket = fetcher.fetch(request);
    }

    /// The folder of the first requirement, or the error's sentence.
    QString wait()
    {
        if (!QTest::qWaitFor([this] { return !results.empty(); }, 20'000))
            return u"no answer"_s;
        const auto& result = results.front();
        return QString::fromStdString(result ? result->begin()->second : result.error().message);
    }

    quint64 ticket = 0;
    std::vector<requirements::FetchProgress> progress;
    std::vector<Result<requirements::RequirementFolders>> results;

private:
    QObject m_context;
};

} // namespace tintype::tests
