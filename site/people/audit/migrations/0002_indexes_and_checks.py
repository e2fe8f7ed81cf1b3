"""Indexes that page by number, and the results of checks."""


import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AuditCheck',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='核对时间')),
                ('number', models.PositiveBigIntegerField(verbose_name='核对到')),
                ('hash', models.CharField(max_length=64)),
                ('whole', models.BooleanField(default=True, verbose_name='从第 1 条开始')),
                ('fault', models.CharField(blank=True, max_length=10, verbose_name='问题')),
                ('fault_number', models.PositiveBigIntegerField(null=True, verbose_name='出错的序号')),
            ],
            options={
                'verbose_name': '记录核对',
                'verbose_name_plural': '记录核对',
                'ordering': ['-pk'],
            },
        ),
        migrations.RemoveIndex(
            model_name='auditentry',
            name='audit_target',
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='action',
            field=models.CharField(max_length=40, verbose_name='操作'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='actor_id',
            field=models.BigIntegerField(null=True, verbose_name='操作人'),
        ),
        migrations.AlterField(
            model_name='auditentry',
            name='organisation_id',
            field=models.BigIntegerField(null=True, verbose_name='单位'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['actor_id', 'number'], name='audit_actor'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['action', 'number'], name='audit_action'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['organisation_id', 'number'], name='audit_organisation'),
        ),
        migrations.AddIndex(
            model_name='auditentry',
            index=models.Index(fields=['target_type', 'target_id', 'number'], name='audit_target'),
        ),
    ]
