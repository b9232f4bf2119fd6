// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/snippets.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTest>

using namespace tintype::ui;

namespace {

SnippetCall callOf(const QString& input)
{
    return {QStringLiteral("http://127.0.0.1:7870"), QStringLiteral("local/shapes"), input, false, {}};
}

const QString kNasty = QStringLiteral("{\"prompt\": \"it's \\\"true\\\" and null, $HOME `id` \\\\ %1 ä\", \"seed\": 5, \"flag\": true, \"none\": null, \"size\": {\"width\": 8}}");

} // namespace

class TestSnippets : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void curlSendsExactlyTheInput()
    {
        const QString shell = QStandardPaths::findExecutable(QStringLiteral("sh"));
        if (shell.isEmpty())
            QSKIP("no shell");
        QString text = snippetText(SnippetLanguage::Curl, callOf(kNasty));
        QVERIFY(text.startsWith(QLatin1String("curl ")));
        QProcess process; // the shell's words instead of curl's call
        process.start(shell, {QStringLiteral("-c"), QStringLiteral("printf '%s\\n' ") + text.mid(5)});
        QVERIFY(process.waitForFinished());
        const QString words = QString::fromUtf8(process.readAllStandardOutput());
        QVERIFY2(words.startsWith(QLatin1String("http://127.0.0.1:7870/local/shapes\n")), qPrintable(words));
        QVERIFY2(words.contains(QStringLiteral("\"prompt\": \"it's \\\"true\\\" and null, $HOME `id` \\\\ %1 ä\",")), qPrintable(words));
    }

    void pythonIsPython()
    {
        const QString python = QStandardPaths::findExecutable(QStringLiteral("python3"));
        if (python.isEmpty())
            QSKIP("no Python");
        SnippetCall call = callOf(kNasty);
        for (const char* url : {"http://127.0.0.1:7870", "https://host:443/"}) {
            call.hostUrl = QLatin1String(url);
            QProcess process;
            process.start(python, {QStringLiteral("-c"), QStringLiteral("import ast,sys; print(ast.unparse(ast.parse(sys.stdin.read())))")});
            process.write(snippetText(SnippetLanguage::Python, call).toUtf8());
            process.closeWriteChannel();
            QVERIFY(process.waitForFinished());
            QCOMPARE(QString::fromUtf8(process.readAllStandardError()), QString());
            const QString code = QString::fromUtf8(process.readAllStandardOutput());
            QVERIFY2(code.contains(QLatin1String("'flag': True, 'none': None")), qPrintable(code));
            QVERIFY2(code.contains(QLatin1String(R"("true" and null)")), qPrintable(code));
        }
    }

    void falClientOnlyWhereThereIsTls()
    {
        SnippetCall call = callOf(QStringLiteral("{}"));
        QVERIFY(!snippetText(SnippetLanguage::Python, call).contains(QLatin1String("import fal_client")));
        call.hostUrl = QStringLiteral("https://me@gpu.example.org:8443");
        const QString text = snippetText(SnippetLanguage::Python, call);
        QVERIFY(text.contains(QLatin1String("import fal_client")));
        QVERIFY(text.contains(QLatin1String(R"(os.environ["FAL_RUN_HOST"] = "gpu.example.org:8443")")));
    }

    void javaScriptGoesThroughTheHost()
    {
        const QString text = snippetText(SnippetLanguage::JavaScript, callOf(kNasty));
        QVERIFY(text.contains(QLatin1String("proxyUrl: { url: \"http://127.0.0.1:7870\", when: \"always\" }")));
        QVERIFY(text.contains(QLatin1String(R"(fal.run("local/shapes", {)")));
        QVERIFY(!text.contains(QLatin1String("credentials")));
    }

    void keysAreNamesOnly()
    {
        SnippetCall call = callOf(QStringLiteral("{}"));
        call.needsKey = true;
        for (const SnippetLanguage language : {SnippetLanguage::Curl, SnippetLanguage::Python, SnippetLanguage::JavaScript})
            QVERIFY(snippetText(language, call).contains(QLatin1String("YOUR_KEY_ID:YOUR_KEY_SECRET")));
    }

    void ownAuthorityIsTrusted()
    {
        SnippetCall call = callOf(QStringLiteral("{}"));
        call.hostUrl = QStringLiteral("https://host");
        call.caFile = QStringLiteral("/it's/ca.pem");
        QVERIFY(snippetText(SnippetLanguage::Curl, call).contains(QLatin1String(R"(--cacert '/it'\''s/ca.pem')")));
        QVERIFY(snippetText(SnippetLanguage::Python, call).contains(QLatin1String("SSL_CERT_FILE")));
    }

    void brokenInputIsLeftAsItIs()
    {
        QVERIFY(snippetText(SnippetLanguage::Curl, callOf(QStringLiteral("{broken"))).contains(QLatin1String("'{broken'")));
    }
};

QTEST_GUILESS_MAIN(TestSnippets)
#include "tst_snippets.moc"
