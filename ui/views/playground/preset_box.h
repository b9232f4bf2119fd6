// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QWidget>
#include <functional>

class QComboBox;
class QLineEdit;
class QMenu;
class QStackedWidget;
class QToolButton;

namespace tintype::ui {

class PresetStore;
struct Studio;

/// The presets of the endpoint that the form is for: choose one, keep the form as one, rename, delete.
class PresetBox : public QWidget {
    Q_OBJECT

public:
    PresetBox(Studio& studio, PresetStore& presets, QWidget* parent = nullptr);

    /// @param currentForm gives the form's JSON when it is to be kept
    void setForm(const QString& app, const QString& endpoint, std::function<QString()> currentForm);

public Q_SLOTS:
    void saveAs(); ///< asks for a name, in place of the list
    void save();   ///< over the one that is chosen

Q_SIGNALS:
    void chosen(const QString& form); ///< JSON, as currentForm() gave it once
    void troubled(const QString& sentence);

protected:
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    void refill();
    void rename();
    void remove();
    void ask(const QString& prompt, const QString& text, std::function<bool(const QString&)> use);
    void endAsking();
    void updateMenu();
    QString current() const;

    Studio& m_studio;
    PresetStore& m_presets;
    QString m_app;
    QString m_endpoint;
    std::function<QString()> m_currentForm;
    std::function<bool(const QString&)> m_use; ///< what becomes of the name; false = it stays asked for
    QStackedWidget* m_stack;
    QComboBox* m_list;
    QLineEdit* m_name;
    QToolButton* m_button;
    QMenu* m_menu;
};

} // namespace tintype::ui
