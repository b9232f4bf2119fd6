// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/picture_loader.h"
#include "ui/models/target.h"

#include <QPointer>
#include <QStringList>
#include <QWidget>

class QLabel;
class QStackedLayout;
class QToolButton;

namespace tintype::ui {

class PictureView;
class Theme;

/// The pictures of one result, one at a time, fetched from the host as they are looked at.
class ResultPictures : public QWidget {
    Q_OBJECT

public:
    explicit ResultPictures(const Theme& theme, QWidget* parent = nullptr);

    void setPictures(Target* target, const QStringList& urls);
    int count() const { return static_cast<int>(m_urls.size()); }

private:
    void showPicture(int index);
    void onFetched(const QString& url, const Result<control::FetchedFile>& file);
    void say(const QString& sentence);

    PictureLoader m_loader;
    QPointer<Target> m_target;
    QStringList m_urls;
    int m_index = 0;
    PictureView* m_view;
    QLabel* m_sentence;
    QStackedLayout* m_stack;
    QWidget* m_pager;
    QLabel* m_place;
    QToolButton* m_previous;
    QToolButton* m_next;
};

} // namespace tintype::ui
