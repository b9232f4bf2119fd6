// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/theme/style_sheet.h"
#include "ui/theme/theme.h"

#include <QApplication>
#include <QFile>
#include <QRegularExpression>
#include <QSettings>
#include <QTemporaryDir>
#include <QTest>

using namespace tintype::ui;

/// The tokens are all there in both themes, text on them can be read, and nothing else names a colour.
class TestTheme : public QObject {
    Q_OBJECT

private Q_SLOTS:
    void initTestCase()
    {
        m_settings = std::make_unique<QSettings>(m_folder.filePath(QStringLiteral("studio.ini")), QSettings::IniFormat);
        m_theme = std::make_unique<Theme>(*qApp, *m_settings);
    }

    void everyTokenHasAColourInBothThemes()
    {
        const Tokens tokens = loadTokens();
        for (const auto& colors : {tokens.light, tokens.dark}) {
            QCOMPARE(colors.size(), qsizetype{static_cast<int>(ColorToken::Count)});
            for (int i = 0; i < static_cast<int>(ColorToken::Count); ++i) {
                const QString name = QLatin1String(tokenName(static_cast<ColorToken>(i)));
                QVERIFY2(colors.value(name).isValid(), qPrintable(name));
            }
        }
    }

    void contrast_data()
    {
        QTest::addColumn<ColorToken>("text");
        QTest::addColumn<ColorToken>("ground");
        const auto row = [](ColorToken text, ColorToken ground) {
            QTest::addRow("%s on %s", tokenName(text), tokenName(ground)) << text << ground;
        };
        using enum ColorToken;
        for (const ColorToken ground : {Window, Surface, Raised, Sunken, Hover})
            for (const ColorToken text : {Text, TextMuted})
                row(text, ground);
        for (const ColorToken ground : {Surface, Raised, Sunken})
            for (const ColorToken text : {AccentText, Success, Warning, Error, Info})
                row(text, ground);
        for (const ColorToken ground : {SuccessSurface, WarningSurface, ErrorSurface, InfoSurface})
            row(Text, ground);
        for (const ColorToken ground : {Accent, AccentHover, AccentPressed})
            row(OnAccent, ground);
        row(OnSelection, Selection);
        for (const ColorToken text : {EditorKey, EditorString, EditorNumber, EditorComment})
            row(text, Sunken);
    }

    void contrast()
    {
        QFETCH(ColorToken, text);
        QFETCH(ColorToken, ground);
        for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            const double ratio = contrastRatio(m_theme->color(text), m_theme->color(ground));
            QVERIFY2(ratio >= 4.5, qPrintable(QStringLiteral("%1:1 in mode %2").arg(ratio, 0, 'f', 2).arg(static_cast<int>(mode))));
        }
    }

    void contrastRatioIsWcags()
    {
        QCOMPARE(contrastRatio(Qt::white, Qt::black), 21.0);
        QCOMPARE(contrastRatio(Qt::white, Qt::white), 1.0);
        QVERIFY(std::abs(contrastRatio(QColor(0x77, 0x77, 0x77), Qt::white) - 4.48) < 0.01);
    }

    void focusRingAndSeriesAreSeen()
    {
        for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            using enum ColorToken;
            for (const ColorToken mark : {Focus, Chart1, Chart2, Chart3, Chart4, Chart5, Chart6})
                QVERIFY2(contrastRatio(m_theme->color(mark), m_theme->color(Surface)) >= 2.5, tokenName(mark));
        }
    }

    void styleSheetHasNoUnknownName()
    {
        for (const Theme::Mode mode : {Theme::Mode::Light, Theme::Mode::Dark}) {
            m_theme->setMode(mode);
            const QString sheet = styleSheet(*m_theme, loadTokens());
            QVERIFY(sheet.size() > 1000);
            QVERIFY2(!sheet.contains(QLatin1Char('@')), qPrintable(sheet.mid(sheet.indexOf(QLatin1Char('@')), 40)));
        }
    }

    void styleSheetNamesNoColour()
    {
        QFile file(QStringLiteral(":/theme/studio.qss"));
        QVERIFY(file.open(QIODevice::ReadOnly));
        const QRegularExpression color(QStringLiteral("#[0-9a-fA-F]{3,8}\\b|\\brgb"));
        const auto match = color.match(QString::fromUtf8(file.readAll()));
        QVERIFY2(!match.hasMatch(), qPrintable(match.captured()));
    }

    void modeIsRemembered()
    {
        m_theme->setMode(Theme::Mode::Dark);
        QVERIFY(m_theme->isDark());
        QCOMPARE(Theme(*qApp, *m_settings).mode(), Theme::Mode::Dark);
    }

    void iconsFollowTheTheme()
    {
        m_theme->setMode(Theme::Mode::Light);
        const QIcon icon = m_theme->icon(QStringLiteral("media-playback-start"));
        QVERIFY(!icon.isNull());
        const QImage light = icon.pixmap(QSize(16, 16)).toImage();
        m_theme->setMode(Theme::Mode::Dark);
        const QImage dark = icon.pixmap(QSize(16, 16)).toImage();
        QVERIFY(light != dark);
        QCOMPARE(dark.pixelColor(6, 8).name(), m_theme->color(ColorToken::Text).name());
        QVERIFY(m_theme->icon(QStringLiteral("no-such-icon")).isNull());
    }

private:
    QTemporaryDir m_folder;
    std::unique_ptr<QSettings> m_settings;
    std::unique_ptr<Theme> m_theme;
};

QTEST_MAIN(TestTheme)
#include "tst_theme.moc"
