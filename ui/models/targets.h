// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "ui/models/target.h"

#include <QAbstractListModel>
#include <functional>
#include <memory>
#include <vector>

namespace tintype::ui {

/// The hosts that the studio knows, this machine first, and which one is chosen. The others stand in hosts.json, which the command
/// line shares (control::HostBook).
class Targets : public QAbstractListModel {
    Q_OBJECT

public:
    using MakeControl = std::function<std::unique_ptr<control::Control>(const control::HostAddress&)>;

    /// @param bookFile of control::HostBook   @param makeControl HttpControl, or a fake one in tests
    Targets(std::string bookFile, MakeControl makeControl, QObject* parent = nullptr);
    ~Targets() override;

    /// Says where the host of this machine is, also when it came back elsewhere. The first call makes it the current target.
    void setLocal(const control::HostAddress& address);

    /// Reads hosts.json. @error Corrupt, Io: the known ones stay
    Result<> load();

    /// @error InvalidArgument: the name is empty or taken · Io
    Result<> add(const QString& name, const control::HostAddress& address);
    Result<> remove(const QString& name); ///< not this machine

    Target* current() const { return m_current; } ///< null until there is one
    void setCurrent(Target* target);
    const std::vector<std::unique_ptr<Target>>& all() const { return m_targets; }
    Target* find(const QString& name) const; ///< null if there is none

    int rowCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role) const override; ///< name; tooltip: URL and state

Q_SIGNALS:
    void currentChanged(tintype::ui::Target* target);
    void added(tintype::ui::Target* target);
    void aboutToRemove(tintype::ui::Target* target);
    void localLost(); ///< the host of this machine has stopped to answer

private:
    Target* insert(int row, const QString& name, const control::HostAddress& address, bool isLocal);
    void erase(int row);

    const std::string m_bookFile;
    const MakeControl m_makeControl;
    std::vector<std::unique_ptr<Target>> m_targets;
    Target* m_current = nullptr;
};

} // namespace tintype::ui
