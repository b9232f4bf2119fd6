// SPDX-License-Identifier: GPL-3.0-or-later
#include "ui/models/grid_painter.h"

#include "ui/models/history_pictures.h"
#include "ui/models/picture_loader.h"

#include <QCoreApplication>
#include <QFile>
#include <QFileInfo>
#include <QImageReader>
#include <QImageWriter>
#include <QPainter>
#include <QSaveFile>
#include <algorithm>
#include <cmath>

namespace tintype::ui {
namespace {

constexpr int kSmallestFont = 12; ///< px
constexpr int kLargestFont = 40;
constexpr int kSmallestCell = 128; ///< px, so that labels have room

QString text(const char* source) { return QCoreApplication::translate("GridPlan", source); }

struct Layout {
    QSize cell;
    QSize sheet;
    int font = kSmallestFont;
    int gap = 0;
    int title = 0;     ///< height of the head of the picture
    int sheetTitle = 0; ///< height of the line above each sheet; 0 = there is no third axis
    int columnLabel = 0;
    int rowLabel = 0;
};

/// The largest picture, read from the files' heads.
QSize largestPicture(const QVector<GridCell>& cells)
{
    QSize largest(kSmallestCell, kSmallestCell);
    for (const GridCell& cell : cells) {
        if (!cell.path.isEmpty())
            largest = largest.expandedTo(QImageReader(cell.path).size());
        else if (!cell.thumbnail.isNull())
            largest = largest.expandedTo(cell.thumbnail.size());
    }
    return largest;
}

Layout layoutFor(const GridPlan& plan, QSize cell)
{
    Layout layout;
    layout.cell = cell;
    layout.font = std::clamp(std::min(cell.width(), cell.height()) / 16, kSmallestFont, kLargestFont);
    layout.gap = std::max(2, layout.font / 3);
    layout.title = layout.font * 5;
    layout.sheetTitle = plan.axes[2].values.isEmpty() ? 0 : layout.font * 3;
    layout.columnLabel = plan.axes[0].values.isEmpty() ? 0 : layout.font * 4;
    layout.rowLabel = plan.axes[1].values.isEmpty() ? 0 : layout.font * 10;
    const int sheetHeight = layout.sheetTitle + layout.columnLabel + plan.size(1) * (cell.height() + layout.gap);
    layout.sheet = QSize(layout.gap + layout.rowLabel + plan.size(0) * (cell.width() + layout.gap),
        layout.title + plan.size(2) * sheetHeight + layout.gap);
    return layout;
}

Layout boundedLayout(const GridPlan& plan, QSize cell)
{
    Layout layout = layoutFor(plan, cell);
    for (;;) {
        const double pixels = static_cast<double>(layout.sheet.width()) * layout.sheet.height();
        const double scale = std::min({1.0, static_cast<double>(kMostSheetSide) / layout.sheet.width(),
            static_cast<double>(kMostSheetSide) / layout.sheet.height(), std::sqrt(static_cast<double>(kMostSheetPixels) / pixels)});
        if (scale >= 1 || cell.width() <= 16 || cell.height() <= 16)
            return layout;
        cell = (QSizeF(cell) * scale * 0.98).toSize();
        layout = layoutFor(plan, cell);
    }
}

class SheetPainter {
public:
    SheetPainter(QImage& image, const GridPlan& plan, const QVector<GridCell>& cells, const GridSheetStyle& style, const Layout& layout)
        : m_painter(&image)
        , m_plan(plan)
        , m_cells(cells)
        , m_style(style)
        , m_layout(layout)
    {
        m_painter.setRenderHint(QPainter::SmoothPixmapTransform);
        m_font = style.font;
        m_font.setPixelSize(layout.font);
        m_painter.setFont(m_font);
    }

    void paint()
    {
        paintTitle();
        for (int z = 0; z < m_plan.size(2); ++z)
            paintSheet(z);
    }

private:
    int sheetTop(int z) const
    {
        const int height = m_layout.sheetTitle + m_layout.columnLabel + m_plan.size(1) * (m_layout.cell.height() + m_layout.gap);
        return m_layout.title + z * height;
    }

    void label(const QRect& place, const QString& text, Qt::Alignment alignment)
    {
        m_painter.setPen(m_style.text);
        m_painter.save();
        m_painter.setClipRect(place);
        m_painter.drawText(place, static_cast<int>(alignment) | Qt::TextWrapAnywhere, text);
        m_painter.restore();
    }

    void paintTitle()
    {
        const QRect line(m_layout.gap, m_layout.gap, m_layout.sheet.width() - 2 * m_layout.gap, m_layout.font * 2);
        QFont bold = m_font;
        bold.setWeight(QFont::DemiBold);
        m_painter.setFont(bold);
        m_painter.setPen(m_style.text);
        const QString title = m_plan.base.prompt().simplified();
        m_painter.drawText(line, Qt::AlignLeft | Qt::AlignVCenter, m_painter.fontMetrics().elidedText(title, Qt::ElideRight, line.width()));
        m_painter.setFont(m_font);
        m_painter.setPen(m_style.muted);
        const QString base = m_plan.base.app + QStringLiteral(" · ") + m_plan.base.target + QStringLiteral(" · ") + m_plan.base.input;
        m_painter.drawText(line.translated(0, m_layout.font * 2), Qt::AlignLeft | Qt::AlignVCenter,
            m_painter.fontMetrics().elidedText(base, Qt::ElideRight, line.width()));
    }

    void paintSheet(int z)
    {
        const int top = sheetTop(z);
        const int left = m_layout.gap + m_layout.rowLabel;
        if (m_layout.sheetTitle > 0)
            label(QRect(left, top, m_layout.sheet.width() - left, m_layout.sheetTitle), m_plan.label(2, z), Qt::AlignLeft | Qt::AlignVCenter);
        const int cellsTop = top + m_layout.sheetTitle + m_layout.columnLabel;
        for (int x = 0; x < m_plan.size(0) && m_layout.columnLabel > 0; ++x)
            label(QRect(left + x * (m_layout.cell.width() + m_layout.gap), top + m_layout.sheetTitle, m_layout.cell.width(), m_layout.columnLabel),
                m_plan.label(0, x), Qt::AlignHCenter | Qt::AlignVCenter);
        for (int y = 0; y < m_plan.size(1); ++y) {
            const int rowTop = cellsTop + y * (m_layout.cell.height() + m_layout.gap);
            if (m_layout.rowLabel > 0)
                label(QRect(m_layout.gap, rowTop, m_layout.rowLabel - m_layout.gap, m_layout.cell.height()), m_plan.label(1, y),
                    Qt::AlignRight | Qt::AlignVCenter);
            for (int x = 0; x < m_plan.size(0); ++x) {
                const QPoint corner(left + x * (m_layout.cell.width() + m_layout.gap), rowTop);
                paintCell(QRect(corner, m_layout.cell), m_cells[(z * m_plan.size(1) + y) * m_plan.size(0) + x]);
            }
        }
    }

    void paintCell(const QRect& frame, const GridCell& cell)
    {
        QImage image = cell.thumbnail;
        if (QFile file(cell.path); !cell.path.isEmpty() && file.open(QIODevice::ReadOnly)) {
            const Result<Picture> picture = decodePicture(file.readAll(), std::max(frame.width(), frame.height()));
            if (picture)
                image = picture->image();
        }
        if (image.isNull()) {
            m_painter.fillRect(frame, m_style.sunken);
            m_painter.setPen(m_style.muted);
            const QString reason = cell.generation.error.isEmpty() ? text("No picture") : cell.generation.error;
            m_painter.drawText(frame.adjusted(m_layout.gap, m_layout.gap, -m_layout.gap, -m_layout.gap), Qt::AlignCenter | Qt::TextWordWrap, reason);
            return;
        }
        // Smaller ones keep their pixels.
        const bool fits = image.width() <= frame.width() && image.height() <= frame.height();
        QRect place(QPoint(), fits ? image.size() : image.size().scaled(frame.size(), Qt::KeepAspectRatio));
        place.moveCenter(frame.center());
        m_painter.drawImage(place, image);
    }

    QPainter m_painter;
    const GridPlan& m_plan;
    const QVector<GridCell>& m_cells;
    const GridSheetStyle& m_style;
    const Layout& m_layout;
    QFont m_font;
};

} // namespace

QImage paintGridSheet(const GridPlan& plan, const QVector<GridCell>& cells, const GridSheetStyle& style)
{
    const Layout layout = boundedLayout(plan, largestPicture(cells));
    QImage image(layout.sheet, QImage::Format_RGB32);
    if (image.isNull())
        return image;
    image.fill(style.ground);
    SheetPainter(image, plan, cells, style, layout).paint();
    return image;
}

Result<> saveGridSheet(const QString& path, const GridPlan& plan, const QVector<GridCell>& cells, const GridSheetStyle& style)
{
    const auto failed = [](const QString& file, const QString& reason) {
        return fail(ErrorCode::Io, text("The sheet could not be written to %1: %2.").arg(file, reason).toStdString());
    };
    QVector<Generation> calls;
    for (const GridCell& cell : cells)
        calls.push_back(cell.generation);
    const QByteArray json = planJson(plan, calls);
    QImage image = paintGridSheet(plan, cells, style);
    image.setText(QStringLiteral("tintype-grid"), QString::fromUtf8(json));
    QSaveFile picture(path);
    QImageWriter writer(&picture, "png");
    if (!picture.open(QIODevice::WriteOnly))
        return failed(path, picture.errorString());
    if (!writer.write(image))
        return failed(path, writer.errorString());
    if (!picture.commit())
        return failed(path, picture.errorString());
    const QFileInfo info(path);
    const QString beside = info.path() + u'/' + info.completeBaseName() + QStringLiteral(".json");
    QSaveFile file(beside);
    if (!file.open(QIODevice::WriteOnly) || file.write(json) != json.size() || !file.commit())
        return failed(beside, file.errorString());
    return {};
}

} // namespace tintype::ui
