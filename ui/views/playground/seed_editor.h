// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/views/playground/field_editor.h"

#include <QAbstractSpinBox>

class QButtonGroup;

namespace tintype::ui {

/// A whole number of up to 64 bits, which QSpinBox cannot hold.
class SeedSpin : public QAbstractSpinBox {
    Q_OBJECT

public:
    explicit SeedSpin(quint64 highest, QWidget* parent = nullptr);

    quint64 value() const { return m_value; }
    void setValue(quint64 value); ///< emits nothing
    void stepBy(int steps) override;
    QValidator::State validate(QString& input, int& position) const override;

Q_SIGNALS:
    void edited(); ///< by the user

protected:
    StepEnabled stepEnabled() const override;

private:
    const quint64 m_highest;
    quint64 m_value = 0;
};

/// What happens to the seed from one call to the next.
enum class SeedMode { Random, Lock, Increment };

const char* seedModeName(SeedMode mode); ///< "random", …
SeedMode seedModeFromName(const QString& name);

/// A seed: a new one for each call, the same, or one more each time. Typing one locks it.
class SeedEditor : public FieldEditor {
    Q_OBJECT

public:
    SeedEditor(const SchemaField& field, const Theme& theme, QWidget* parent);

    QString json() const override; ///< the one that the next call uses, also a random one
    void setJson(const QString& json) override; ///< absent = a random one each time

    SeedMode mode() const;
    void setMode(SeedMode mode);

    /// Goes on to the seed of the call after this one.
    void advance();

private:
    void addMode(SeedMode mode, const QString& icon, const QString& tip, const Theme& theme);
    void drawSeed();

    const quint64 m_highest;
    SeedSpin* m_spin;
    QButtonGroup* m_modes;
};

} // namespace tintype::ui
