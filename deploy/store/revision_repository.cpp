// SPDX-License-Identifier: Apache-2.0
#include "deploy/store/revision_repository.h"

#include "deploy/store/names.h"

#include <fmt/format.h>
#include <git2.h>
#include <memory>

namespace tintype::store {
namespace {

template <class T, void (*release)(T*)>
struct Release {
    void operator()(T* object) const { release(object); }
};
using Repository = std::unique_ptr<git_repository, Release<git_repository, git_repository_free>>;
using Commit = std::unique_ptr<git_commit, Release<git_commit, git_commit_free>>;
using Tree = std::unique_ptr<git_tree, Release<git_tree, git_tree_free>>;
using Index = std::unique_ptr<git_index, Release<git_index, git_index_free>>;
using Signature = std::unique_ptr<git_signature, Release<git_signature, git_signature_free>>;
using Diff = std::unique_ptr<git_diff, Release<git_diff, git_diff_free>>;
using Blob = std::unique_ptr<git_blob, Release<git_blob, git_blob_free>>;

constexpr const char* kBranch = "refs/heads/main";
constexpr std::size_t kMaxFile = std::size_t{16} << 20; // larger ones are blobs

tl::unexpected<Error> gitError(const std::string& what)
{
    const git_error* last = git_error_last();
    return fail(ErrorCode::Io, fmt::format("{}: {}", what, last && last->message ? last->message : "git failed"));
}

Result<Repository> openRepository(const std::filesystem::path& path, bool create)
{
    git_repository* repository = nullptr;
    const int opened = git_repository_open_bare(&repository, path.c_str());
    if (opened == 0)
        return Repository(repository);
    if (opened != GIT_ENOTFOUND)
        return gitError(path.string());
    if (!create)
        return fail(ErrorCode::NotFound, fmt::format("{}: no revisions", path.stem().string()));
    git_repository_init_options options = GIT_REPOSITORY_INIT_OPTIONS_INIT;
    options.flags = GIT_REPOSITORY_INIT_BARE | GIT_REPOSITORY_INIT_MKPATH;
    options.initial_head = "main";
    if (git_repository_init_ext(&repository, path.c_str(), &options) != 0)
        return gitError(path.string());
    return Repository(repository);
}

Result<Tree> treeOf(git_repository* repository, const std::string& revision)
{
    git_oid id;
    git_commit* commit = nullptr;
    if (git_oid_fromstr(&id, revision.c_str()) != 0 || git_commit_lookup(&commit, repository, &id) != 0)
        return fail(ErrorCode::NotFound, fmt::format("revision {}: not found", revision));
    const Commit owner(commit);
    git_tree* tree = nullptr;
    if (git_commit_tree(&tree, commit) != 0)
        return gitError("revision " + revision);
    return Tree(tree);
}

Result<git_oid> writeTree(git_repository* repository, const std::map<std::string, std::string>& files)
{
    git_index* raw = nullptr;
    if (git_index_new(&raw) != 0)
        return gitError("index");
    const Index index(raw);
    for (const auto& [path, content] : files) {
        TINTYPE_TRY(checkRelativePath(path, path));
        if (content.size() > kMaxFile)
            return fail(ErrorCode::InvalidArgument,
                fmt::format("{}: {} KiB, more than the {} KiB of a file in a revision", path, content.size() / 1024, kMaxFile / 1024));
        git_index_entry entry{};
        entry.path = path.c_str();
        entry.mode = GIT_FILEMODE_BLOB;
        if (git_blob_create_from_buffer(&entry.id, repository, content.data(), content.size()) != 0
            || git_index_add(index.get(), &entry) != 0)
            return gitError(path);
    }
    git_oid tree;
    if (git_index_write_tree_to(&tree, index.get(), repository) != 0)
        return gitError("tree");
    return tree;
}

/// The files of a tree and of the trees in it.
Result<> collect(git_repository* repository, const git_tree* tree, const std::string& prefix, std::map<std::string, std::string>& files)
{
    for (std::size_t number = 0; number < git_tree_entrycount(tree); ++number) {
        const git_tree_entry* entry = git_tree_entry_byindex(tree, number);
        const std::string path = prefix + git_tree_entry_name(entry);
        if (git_tree_entry_type(entry) == GIT_OBJECT_TREE) {
            git_tree* child = nullptr;
            if (git_tree_lookup(&child, repository, git_tree_entry_id(entry)) != 0)
                return gitError(path);
            const Tree owner(child);
            TINTYPE_TRY(collect(repository, child, path + "/", files));
            continue;
        }
        git_blob* blob = nullptr;
        if (git_blob_lookup(&blob, repository, git_tree_entry_id(entry)) != 0)
            return gitError(path);
        const Blob owner(blob);
        files[path].assign(static_cast<const char*>(git_blob_rawcontent(blob)), static_cast<std::size_t>(git_blob_rawsize(blob)));
    }
    return {};
}

} // namespace

RevisionRepository::RevisionRepository(std::filesystem::path folder)
    : m_folder(std::move(folder))
{
    git_libgit2_init();
    // The repositories are this host's own: neither the user's git settings nor who owns the folder matters.
    for (const int level : {GIT_CONFIG_LEVEL_SYSTEM, GIT_CONFIG_LEVEL_XDG, GIT_CONFIG_LEVEL_GLOBAL, GIT_CONFIG_LEVEL_PROGRAMDATA})
        git_libgit2_opts(GIT_OPT_SET_SEARCH_PATH, level, "");
    git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, 0);
}

Result<std::string> RevisionRepository::commit(
    const std::string& app, const std::map<std::string, std::string>& files, const RevisionNote& note) const
{
    TINTYPE_TRY(checkName(app, "app " + app));
    TINTYPE_TRY_ASSIGN(const Repository repository, openRepository(pathOf(app), /*create=*/true));
    TINTYPE_TRY_ASSIGN(const git_oid treeId, writeTree(repository.get(), files));
    git_tree* rawTree = nullptr;
    if (git_tree_lookup(&rawTree, repository.get(), &treeId) != 0)
        return gitError(app);
    const Tree tree(rawTree);

    git_signature* rawSignature = nullptr;
    const std::string author = note.author.empty() ? "local" : note.author;
    const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(note.time.time_since_epoch()).count();
    if (git_signature_new(&rawSignature, author.c_str(), (author + "@tintype").c_str(), seconds, 0) != 0)
        return gitError(app);
    const Signature signature(rawSignature);

    git_commit* rawParent = nullptr;
    git_oid parentId;
    if (git_reference_name_to_id(&parentId, repository.get(), kBranch) == 0)
        git_commit_lookup(&rawParent, repository.get(), &parentId);
    const Commit parent(rawParent);
    const git_commit* parents[]{rawParent};
    // One host writes here, on one thread: a lock of the branch is what a host that was killed left behind.
    std::error_code error;
    std::filesystem::remove(pathOf(app) / (std::string(kBranch) + ".lock"), error);
    git_oid id;
    if (git_commit_create(&id, repository.get(), kBranch, signature.get(), signature.get(), "UTF-8", note.message.c_str(),
            tree.get(), parent ? 1 : 0, parents)
        != 0)
        return gitError(app);
    return std::string(git_oid_tostr_s(&id));
}

Result<std::map<std::string, std::string>> RevisionRepository::read(const std::string& app, const std::string& revision) const
{
    TINTYPE_TRY(checkName(app, "app " + app));
    TINTYPE_TRY_ASSIGN(const Repository repository, openRepository(pathOf(app), /*create=*/false));
    TINTYPE_TRY_ASSIGN(const Tree tree, treeOf(repository.get(), revision));
    std::map<std::string, std::string> files;
    TINTYPE_TRY(collect(repository.get(), tree.get(), "", files));
    return files;
}

Result<std::string> RevisionRepository::diff(const std::string& app, const std::string& from, const std::string& to) const
{
    TINTYPE_TRY(checkName(app, "app " + app));
    TINTYPE_TRY_ASSIGN(const Repository repository, openRepository(pathOf(app), /*create=*/false));
    TINTYPE_TRY_ASSIGN(const Tree before, treeOf(repository.get(), from));
    TINTYPE_TRY_ASSIGN(const Tree after, treeOf(repository.get(), to));
    git_diff* raw = nullptr;
    if (git_diff_tree_to_tree(&raw, repository.get(), before.get(), after.get(), nullptr) != 0)
        return gitError(app);
    const Diff diff(raw);
    git_buf text = GIT_BUF_INIT;
    if (git_diff_to_buf(&text, diff.get(), GIT_DIFF_FORMAT_PATCH) != 0)
        return gitError(app);
    std::string patch(text.ptr, text.size);
    git_buf_dispose(&text);
    return patch;
}

Result<> RevisionRepository::remove(const std::string& app) const
{
    TINTYPE_TRY(checkName(app, "app " + app));
    std::error_code error;
    std::filesystem::remove_all(pathOf(app), error);
    if (error)
        return fail(ErrorCode::Io, fmt::format("{}: {}", pathOf(app).string(), error.message()));
    return {};
}

} // namespace tintype::store
