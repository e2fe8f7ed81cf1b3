"""Requests for erasure and the deletion log."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Deletion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='时间')),
                ('holding', models.CharField(max_length=30, verbose_name='数据')),
                ('model', models.CharField(max_length=60, verbose_name='数据表')),
                ('cause', models.CharField(choices=[('due', '到期'), ('erasure', '本人申请'), ('at-once', '要求立即删除')], max_length=10, verbose_name='原因')),
                ('count', models.PositiveIntegerField(verbose_name='条数')),
                ('oldest', models.DateTimeField(null=True, verbose_name='其中最早的')),
            ],
            options={
                'verbose_name': '删除记录',
                'verbose_name_plural': '删除记录',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Erasure',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='申请时间')),
                ('asked_by', models.BigIntegerField(null=True, verbose_name='办理人')),
                ('due_at', models.DateTimeField(db_index=True, verbose_name='执行时间')),
                ('withdrawn_at', models.DateTimeField(null=True, verbose_name='撤回时间')),
                ('done_at', models.DateTimeField(null=True, verbose_name='完成时间')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='erasures', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': '删除申请',
                'verbose_name_plural': '删除申请',
                'ordering': ['-pk'],
                'constraints': [models.UniqueConstraint(condition=models.Q(('done_at', None), ('withdrawn_at', None)), fields=('user',), name='one_open_erasure_a_person')],
            },
        ),
    ]
