// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/workspace.h"

#include <QDir>
#include <QFile>
#include <QSettings>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tintype;
using namespace tintype::ui;

/// Which definitions are open, from one start to the next.
class TestWorkspace : public QObject {
    Q_OBJECT

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<QSettings> m_settings;

    QString file(const QString& name, const QByteArray& text = "name: a\n") const
    {
        const QString path = m_folder->filePath(name);
        QFile made(path);
        if (made.open(QIODevice::WriteOnly))
            made.write(text);
        return path;
    }
    std::unique_ptr<Workspace> start() const
    {
        return std::make_unique<Workspace>(*m_settings, m_folder->filePath(QStringLiteral("recovery")));
    }
    static QStringList paths(const Workspace& workspace)
    {
        QStringList all;
        for (const auto& document : workspace.documents())
            all += QFileInfo(document->path()).fileName();
        return all;
    }

private Q_SLOTS:
    void init()
    {
        m_folder = std::make_unique<QTemporaryDir>();
        m_settings = std::make_unique<QSettings>(m_folder->filePath(QStringLiteral("studio.ini")), QSettings::IniFormat);
    }

    void opensTheExampleAtTheFirstStart()
    {
        const QString example = file(QStringLiteral("example.yaml"));
        const auto workspace = start();
        workspace->restore(example);
        QCOMPARE(paths(*workspace), QStringList{QStringLiteral("example.yaml")});
        QCOMPARE(workspace->current()->path(), example);
    }

    void startsWithNothingIfTheExampleIsMissing()
    {
        const auto workspace = start();
        workspace->restore(m_folder->filePath(QStringLiteral("nothing.yaml")));
        QVERIFY(workspace->documents().empty());
        QVERIFY(!workspace->current());
        workspace->restore({});
        QVERIFY(!workspace->current());
    }

    void restoresWhatWasOpen()
    {
        {
            const auto workspace = start();
            QVERIFY(workspace->open(file(QStringLiteral("a.yaml"))));
            const auto b = workspace->open(file(QStringLiteral("b.yaml")));
            QVERIFY(workspace->open(file(QStringLiteral("c.yaml"))));
            workspace->setCurrent(*b);
        }
        const auto workspace = start();
        workspace->restore(file(QStringLiteral("example.yaml")));
        QCOMPARE(paths(*workspace), (QStringList{QStringLiteral("a.yaml"), QStringLiteral("b.yaml"), QStringLiteral("c.yaml")}));
        QCOMPARE(QFileInfo(workspace->current()->path()).fileName(), QStringLiteral("b.yaml"));
    }

    void leavesOutWhatIsGoneOrNoText()
    {
        {
            const auto workspace = start();
            QVERIFY(workspace->open(file(QStringLiteral("gone.yaml"))));
            QVERIFY(workspace->open(file(QStringLiteral("binary.yaml"))));
            QVERIFY(workspace->open(file(QStringLiteral("a.yaml"))));
            workspace->setCurrent(workspace->documents().front().get());
        }
        QFile::remove(m_folder->filePath(QStringLiteral("gone.yaml")));
        file(QStringLiteral("binary.yaml"), QByteArray("\xff\xfe\0", 3));
        const auto workspace = start();
        workspace->restore({});
        QCOMPARE(paths(*workspace), QStringList{QStringLiteral("a.yaml")});
        QVERIFY(workspace->current());
    }

    void bringsBackWhatWasNotSaved()
    {
        {
            const auto workspace = start();
            const auto document = workspace->open(file(QStringLiteral("a.yaml")));
            QVERIFY((*document)->setField("auth", "public"));
        }
        const auto workspace = start();
        workspace->restore({});
        QVERIFY(workspace->current()->hasRecovered());
        QCOMPARE(workspace->current()->text(), QStringLiteral("name: a\nauth: public\n"));
    }

    void survivesSettingsThatAreNonsense()
    {
        m_settings->setValue(QStringLiteral("workspace/open"), 17);
        m_settings->setValue(QStringLiteral("workspace/current"), QStringList{QStringLiteral("x"), QStringLiteral("y")});
        m_settings->setValue(QStringLiteral("workspace/recent"), QByteArray("\xff\x00", 2));
        const auto workspace = start();
        workspace->restore(file(QStringLiteral("example.yaml")));
        QCOMPARE(paths(*workspace), QStringList{QStringLiteral("example.yaml")});
    }

    void opensAFileOnce()
    {
        const auto workspace = start();
        QSignalSpy opened(workspace.get(), &Workspace::opened);
        const auto first = workspace->open(file(QStringLiteral("a.yaml")));
        QVERIFY(workspace->open(file(QStringLiteral("b.yaml"))));
        const auto again = workspace->open(m_folder->path() + QStringLiteral("/./a.yaml"));
        QCOMPARE(*again, *first);
        QCOMPARE(workspace->current(), *first);
        QCOMPARE(opened.count(), 2);
    }

    void aFailedOpenChangesNothing()
    {
        const auto workspace = start();
        const auto document = workspace->open(file(QStringLiteral("a.yaml")));
        QSignalSpy changes(workspace.get(), &Workspace::currentChanged);
        QVERIFY(!workspace->open(m_folder->filePath(QStringLiteral("nothing.yaml"))));
        QCOMPARE(workspace->current(), *document);
        QCOMPARE(changes.count(), 0);
        QCOMPARE(workspace->recentFiles().size(), 1);
    }

    void closingShowsTheNext()
    {
        const auto workspace = start();
        const auto a = workspace->open(file(QStringLiteral("a.yaml")));
        const auto b = workspace->open(file(QStringLiteral("b.yaml")));
        const auto c = workspace->open(file(QStringLiteral("c.yaml")));
        workspace->setCurrent(*b);
        QSignalSpy closing(workspace.get(), &Workspace::aboutToClose);
        workspace->close(*b);
        QCOMPARE(workspace->current(), *c);
        workspace->close(*c);
        QCOMPARE(workspace->current(), *a);
        workspace->close(*a);
        QVERIFY(!workspace->current());
        QCOMPARE(closing.count(), 3);
        workspace->close(nullptr);
        QCOMPARE(closing.count(), 3);
    }

    void remembersTheRecentOnes()
    {
        const auto workspace = start();
        for (int i = 0; i < 15; ++i)
            QVERIFY(workspace->open(file(QStringLiteral("%1.yaml").arg(i))));
        QStringList recent = workspace->recentFiles();
        QCOMPARE(recent.size(), 12);
        QCOMPARE(QFileInfo(recent.first()).fileName(), QStringLiteral("14.yaml"));
        workspace->setCurrent(workspace->documents()[5].get());
        QCOMPARE(QFileInfo(workspace->recentFiles().first()).fileName(), QStringLiteral("5.yaml"));
        QFile::remove(recent[1]);
        QVERIFY(!workspace->recentFiles().contains(recent[1]));
    }

    void followsASaveAs()
    {
        const auto workspace = start();
        const auto document = workspace->open(file(QStringLiteral("a.yaml")));
        const QString path = m_folder->filePath(QStringLiteral("b.yaml"));
        QVERIFY((*document)->saveAs(path));
        QCOMPARE(workspace->recentFiles().first(), path);
        QCOMPARE(m_settings->value(QStringLiteral("workspace/open")).toStringList(), QStringList{path});
    }
};

QTEST_GUILESS_MAIN(TestWorkspace)
#include "tst_workspace.moc"
